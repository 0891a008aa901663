package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void refusesWhatIsNotThere() {
        CapturedTerminal terminal = CapturedTerminal.unwatched();

        assertThat(terminal.run("replay", folder.resolve("none.jsonl").toString()))
                .isEqualTo(ExitCode.USAGE);

        assertThat(terminal.err()).contains("none.jsonl: no such file");
    }

    @Test
    void refusesWhatIsNoRecording() throws IOException {
        Path file = Files.writeString(folder.resolve("other.jsonl"), "{\"a\": 1}\n");
        CapturedTerminal terminal = CapturedTerminal.unwatched();

        assertThat(terminal.run("replay", file.toString())).isEqualTo(ExitCode.USAGE);

        assertThat(terminal.err()).contains("other.jsonl:1: is no line of a recording of decisions");
    }
}
