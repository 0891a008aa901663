package dev.tandem.harness.experiment;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A built-in architecture that an experiment is made with. */
public record BuiltInModel(ZooModel architecture) {

    /**
     * The architecture of that name.
     *
     * @throws CommandException when there is none
     */
    public static BuiltInModel named(String name) {
        return ZooModel.named(name)
                .map(BuiltInModel::new)
                .orElseThrow(() -> CommandException.usage("no architecture '" + name + "'; see 'tandem zoo --list'."));
    }

    /** Writes it as an ONNX file of its name into a folder. */
    Path write(Path folder) throws IOException {
        return write(folder, ZooOptions.defaults());
    }

    /** The same, not as usual. */
    Path write(Path folder, ZooOptions options) throws IOException {
        Files.createDirectories(folder);
        return architecture
                .write(folder.resolve(architecture.modelName() + ".onnx"), options)
                .file();
    }

    /** Writes and folds it in a folder; the package is in there. */
    ModelPackage fold(Path folder) throws IOException {
        return fold(folder, ZooOptions.defaults());
    }

    /** The same for so many images at a time. */
    ModelPackage fold(Path folder, int batch) throws IOException {
        return fold(folder, ZooOptions.defaults().withBatch(batch));
    }

    private ModelPackage fold(Path folder, ZooOptions options) throws IOException {
        return ModelFolder.fold(write(folder, options), FoldOptions.DEFAULTS, folder.resolve("folded"));
    }

    /** Its graph alone. */
    public ModelGraph graph() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            return fold(scratch.path()).graph();
        }
    }
}
