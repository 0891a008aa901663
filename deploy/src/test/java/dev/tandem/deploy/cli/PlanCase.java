package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A small model and its graph, as files in a folder of the test's own, to be planned for. */
abstract class PlanCase {

    static final String BOARDS = Path.of("conf", "five-boards.conf").toString();

    static Path folder = Path.of("");

    static String model = "";

    static String graph = "";

    final CapturedTerminal captured = CapturedTerminal.unwatched();

    @BeforeAll
    static void writeModelAndGraph(@TempDir Path directory) throws IOException {
        folder = directory;
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        model = file.toString();
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run("graph", model, "--json")).isEqualTo(ExitCode.OK);
        graph = Files.writeString(folder.resolve("graph.json"), terminal.out()).toString();
    }

    static Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
