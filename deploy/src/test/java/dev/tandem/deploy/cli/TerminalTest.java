package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TerminalTest {

    record Figures(double share, Double limit, double known) {}

    @Test
    void writesNullWhereThereIsNoNumber() {
        CapturedTerminal captured = CapturedTerminal.unwatched();

        captured.terminal().jsonLine(new Figures(Double.NaN, Double.POSITIVE_INFINITY, 0.5));

        assertThat(captured.out().strip()).isEqualTo("{\"share\":null,\"limit\":null,\"known\":0.5}");
    }

    @Test
    void refusesToCallAResultWrittenThatWasCutOff() {
        Terminal full = new Terminal(new PrintStream(new FullDisk()), System.err, false);

        full.line("a result");

        assertThatThrownBy(full::requireWritten)
                .hasMessageContaining("could not be written in full")
                .extracting(Failures::exitCode)
                .isEqualTo(ExitCode.RUNTIME_ERROR);
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            throw new IOException("No space left on device");
        }
    }
}
