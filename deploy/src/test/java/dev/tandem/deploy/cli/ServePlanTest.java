package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which plans a gateway refuses to have put in place, before it starts anything. */
class ServePlanTest {

    private final CapturedTerminal terminal = CapturedTerminal.unwatched();
    private Path folder = Path.of("");

    @BeforeEach
    void takeFolder(@TempDir Path directory) {
        folder = directory;
    }

    @Test
    void refusesAPlanThatIsNotThere() throws IOException {
        assertThat(serve(folder.resolve("none.json"))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("none.json: no such file. Maybe write it with 'tandem plan MODEL --json");
    }

    @Test
    void refusesWhatIsNoPlan() throws IOException {
        Path file = Files.writeString(folder.resolve("other.json"), "{\"format\": 1}");

        assertThat(serve(file)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("other.json: plan is not readable");
    }

    @Test
    void refusesWaysOfDividingBesideAPlan() throws IOException {
        assertThat(serve(folder.resolve("plan.json"), "--scheme", "rows")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err())
                .contains("--plan says all that --scheme, --shards, --objective, --codec and --halo would");
    }

    @Test
    void refusesMoreThanOneWayWithHalos() throws IOException {
        assertThat(serve(folder.resolve("plan.json"), "--halo", "recompute,exchange"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("--halo must be one of recompute, exchange and overlap here, but is");
    }

    private ExitCode serve(Path plan, String... more) throws IOException {
        Path model = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(model, ZooOptions.defaults());
        String[] first = {"serve", model.toString(), "--plan", plan.toString()};
        String[] all = new String[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return terminal.run(all);
    }
}
