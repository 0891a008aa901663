package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model of a benchmark: a file, or an architecture that is written for it. */
final class BenchModel {

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "An ONNX file, or the name of an architecture of 'tandem zoo --list'.")
    private String model = "";

    @Option(
            names = "--resolution",
            paramLabel = "PIXELS",
            description = "Height and width of the input of an architecture. Default: what is usual for it.")
    private @Nullable Integer resolution;

    @Option(
            names = "--dim",
            paramLabel = "NAME=VALUE",
            description = "Value of a dynamic dimension of a file, by its name or as INPUT[AXIS]; may be repeated.")
    private List<String> dimensions = new ArrayList<>();

    /**
     * The file, written into the folder if it is not there.
     *
     * @throws CommandException if there is neither such a file nor such an architecture
     */
    Path file(ScratchDirectory folder) throws IOException {
        Optional<ZooModel> architecture = ZooModel.named(model);
        if (Files.exists(Path.of(model)) || architecture.isEmpty()) {
            return existing();
        }
        ZooOptions options = resolution == null
                ? ZooOptions.defaults()
                : ZooOptions.defaults().withResolution(resolution);
        return architecture
                .get()
                .write(folder.path().resolve(model + ".onnx"), options)
                .file();
    }

    DimensionValues dimensions() {
        return DimensionValues.of(dimensions);
    }

    private Path existing() {
        Path file = Path.of(model);
        if (!Files.exists(file)) {
            throw CommandException.usage(
                    "model " + model + ": neither a file nor an architecture. Maybe see 'tandem zoo --list'.");
        }
        if (resolution != null) {
            throw CommandException.usage("--resolution (" + resolution + ") is for architectures; " + model
                    + " is a file. Maybe give its dynamic dimensions values with --dim.");
        }
        return ModelFiles.require(file);
    }
}
