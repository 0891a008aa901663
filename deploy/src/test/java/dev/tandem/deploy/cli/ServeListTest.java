package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway without a model refuses before it starts anything. */
class ServeListTest {

    private static final String SEEDS = "tandem.network.seeds = [\"127.0.0.1:1\"]\n";

    private final CapturedTerminal terminal = CapturedTerminal.unwatched();
    private Path folder = Path.of("");

    @BeforeEach
    void takeFolder(@TempDir Path directory) {
        folder = directory;
    }

    @Test
    void refusesToServeNothing() throws IOException {
        assertThat(terminal.run("serve")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("give a MODEL to serve, or --cluster FILE whose tandem.gateway.models");
    }

    @Test
    void refusesSettingsThatListNoModel() throws IOException {
        assertThat(serve(SEEDS)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err())
                .contains("there is no model to serve: give a MODEL, or list models in ", "tandem.conf");
    }

    @Test
    void refusesAListWithErrors() throws IOException {
        assertThat(serve(SEEDS + "tandem.gateway.models = [ { scheme = rows } ]"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("tandem.conf:2: tandem.gateway.models[0]", "expected the key file");
    }

    @Test
    void refusesFilesThatAreNotThere() throws IOException {
        assertThat(serve(SEEDS + "tandem.gateway.models = [a.onnx, b.onnx]")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err())
                .contains("tandem.gateway.models[0].file = \"" + folder.resolve("a.onnx"), "models[1].file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nodes=2",
                "--scheme=rows",
                "--shards=2",
                "--objective=latency",
                "--profile=p.json",
                "--plan=p.json",
                "--dim=height=224"
            })
    void refusesWhatIsAboutOneModel(String option) throws IOException {
        assertThat(serve(SEEDS + "tandem.gateway.models = [a.onnx]", option)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("are about one MODEL, and none is given. Maybe write them as keys");
    }

    private ExitCode serve(String settings, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("tandem.conf"), settings);
        return terminal.run(Stream.concat(Stream.of("serve", "--cluster", file.toString()), List.of(more).stream())
                .toArray(String[]::new));
    }
}
