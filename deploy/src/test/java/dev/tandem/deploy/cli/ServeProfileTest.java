package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.wiring.Profiles;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway refuses to plan with, before it starts anything. */
class ServeProfileTest {

    private final CapturedTerminal terminal = CapturedTerminal.unwatched();
    private Path folder = Path.of("");

    @BeforeEach
    void takeFolder(@TempDir Path directory) {
        folder = directory;
    }

    @Test
    void refusesAProfileThatIsNotThere() throws IOException {
        assertThat(serve(folder.resolve("none.json"))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("none.json: no such file. Maybe write it with 'tandem profile MODEL -o");
    }

    @Test
    void refusesAProfileOfAnotherModel() throws IOException {
        Path file = folder.resolve("other.json");
        Files.write(file, Profiles.of("digest", "cpu", 0.1).write());

        assertThat(serve(file)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("is of model m with digest digest, but the model is");
    }

    private ExitCode serve(Path profile) throws IOException {
        Path model = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(model, ZooOptions.defaults());
        return terminal.run("serve", model.toString(), "--profile", profile.toString());
    }
}
