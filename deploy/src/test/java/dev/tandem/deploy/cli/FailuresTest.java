package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.actors.client.RolloutFailedException;
import dev.tandem.inference.onnx.ModelRefusedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @Test
    void mapsWhatOtherRoomsSay() {
        assertThat(report(new ModelRefusedException("opset 99 is too new"))).isEqualTo(ExitCode.REFUSED);
        assertThat(report(new PlanRefusedException("too little memory"))).isEqualTo(ExitCode.REFUSED);
        assertThat(report(new RolloutFailedException("node lost"))).isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(report(new IllegalArgumentException("a b"))).isEqualTo(ExitCode.USAGE);
        assertThat(report(CommandException.refused("no"))).isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err().lines()).contains("tandem: too little memory");
    }

    @Test
    void looksBehindWrappers() {
        Exception wrapped = new CompletionException(new CompletionException(new PlanRefusedException("too big")));

        assertThat(report(wrapped)).isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err()).isEqualTo("tandem: too big" + System.lineSeparator());
    }

    @Test
    void saysSomethingAboutExceptionsThatSayNothing() {
        report(new NoSuchFileException("/x/y"));
        report(new NullPointerException());
        report(new OutOfMemoryError("Java heap space"));

        assertThat(captured.err()).contains("/x/y: no such file", "tandem: NullPointerException", "TANDEM_JAVA_OPTS");
    }

    private ExitCode report(Throwable failure) {
        return Failures.report(captured.terminal(), failure, false);
    }
}
