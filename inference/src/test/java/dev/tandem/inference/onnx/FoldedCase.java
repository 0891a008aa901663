package dev.tandem.inference.onnx;

import static dev.tandem.inference.onnx.OnnxModels.constant;
import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.integers;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Models written to a folder of the test's own and folded there. */
abstract class FoldedCase {

    static final List<Integer> IMAGE = List.of(1, 3, 8, 8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    static ModelProto.Builder convolution() {
        return model(graph(IMAGE, node("Conv", "x w", "a", integers("pads", 1, 1, 1, 1)), node("Identity", "a", "y"))
                .addInitializer(constant("w", 0.5f, 16, 3, 3, 3)));
    }

    Path write(ModelProto.Builder model) {
        return OnnxModels.write(directory, "m.onnx", model);
    }

    ModelPackage fold(ModelProto.Builder model) {
        return ModelFolder.fold(write(model), FoldOptions.DEFAULTS, directory.resolve("cache"));
    }
}
