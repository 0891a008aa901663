package dev.tandem.deploy.cli;

import dev.tandem.inference.onnx.DimensionValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command works on, if it is given one. */
final class OptionalModelArgument {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "An ONNX file. Default: the models that the settings list.")
    private @Nullable Path file;

    @Option(
            names = "--dim",
            paramLabel = "NAME=VALUE",
            description =
                    "Value of a dynamic dimension of MODEL, by its name or as INPUT[AXIS]; may be repeated. The batch is"
                            + " 1 unless given.")
    private List<String> dimensions = new ArrayList<>();

    boolean isGiven() {
        return file != null;
    }

    /** @throws CommandException if there is no such file, or none is given */
    Path file() {
        if (file == null) {
            throw CommandException.usage("give a MODEL.");
        }
        return ModelFiles.require(file);
    }

    boolean hasDimensions() {
        return !dimensions.isEmpty();
    }

    DimensionValues dimensions() {
        return DimensionValues.of(dimensions);
    }
}
