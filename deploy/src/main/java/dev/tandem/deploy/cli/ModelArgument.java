package dev.tandem.deploy.cli;

import dev.tandem.inference.onnx.DimensionValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command works on. */
final class ModelArgument {

    @Parameters(index = "0", paramLabel = "MODEL", description = "An ONNX file.")
    private Path file = Path.of("");

    @Option(
            names = "--dim",
            paramLabel = "NAME=VALUE",
            description = "Value of a dynamic dimension, by its name or as INPUT[AXIS]; may be repeated. The batch is 1"
                    + " unless given.")
    private List<String> dimensions = new ArrayList<>();

    /** @throws CommandException if there is no such file */
    Path file() {
        return ModelFiles.require(file);
    }

    DimensionValues dimensions() {
        return DimensionValues.of(dimensions);
    }
}
