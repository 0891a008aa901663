package dev.tandem.deploy.cli;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;

/** A folded model in a folder that goes with it. */
record Preparation(ModelPackage model, ScratchDirectory folder) implements AutoCloseable {

    /** @throws dev.tandem.inference.onnx.ModelRefusedException when the model cannot be used as it is */
    static Preparation of(Path file, DimensionValues dimensions) throws IOException {
        ScratchDirectory folder = ScratchDirectory.create();
        try {
            return new Preparation(ModelFolder.fold(file, new FoldOptions(dimensions), folder.path()), folder);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    ModelGraph graph() {
        return model.graph();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
