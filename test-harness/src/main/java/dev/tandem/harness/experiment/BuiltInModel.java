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
        return architecture
                .write(folder.resolve(architecture.modelName() + ".onnx"), ZooOptions.defaults())
                .file();
    }

    /** Writes and folds it in a folder; the package is in there. */
    ModelPackage fold(Path folder) throws IOException {
        return ModelFolder.fold(write(folder), FoldOptions.DEFAULTS, folder.resolve("folded"));
    }

    /** Its graph alone. */
    public ModelGraph graph() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            return fold(scratch.path()).graph();
        }
    }
}
