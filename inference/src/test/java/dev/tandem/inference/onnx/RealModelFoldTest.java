package dev.tandem.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.GraphJson;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Folds every real model and compares it with the model as it came. */
class RealModelFoldTest {
    private static final long SEED = 7;
    private static final int THREADS = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path cache;

    @TestFactory
    Stream<DynamicTest> foldsToEqualResults() {
        return RealModels.all().stream()
                .map(model -> dynamicTest(String.valueOf(model.getFileName()), () -> checkFolding(model)));
    }

    @Test
    void countsMultiplyAddsOfMobileNetAsPublished() {
        ModelGraph graph = fold("mobilenet_v1_1.00_224_fp32.onnx").graph();

        // 569 million: Howard et al., MobileNets, table 4.
        assertThat((double) graph.multiplyAdds(graph.whole())).isCloseTo(569e6, within(5.69e6));
    }

    private static ModelPackage fold(String fileName) {
        return ModelFolder.fold(RealModels.named(fileName), FoldOptions.DEFAULTS, cache);
    }

    private static void checkFolding(Path model) throws OrtException {
        ModelPackage folded = ModelFolder.fold(model, FoldOptions.DEFAULTS, cache);

        assertThat(folded.missing()).isEmpty();
        checkGraph(folded.graph());
        assertThat(GraphJson.write(GraphJson.read(GraphJson.write(folded.graph()))))
                .isEqualTo(GraphJson.write(folded.graph()));
        checkEqualResults(model, folded, OptLevel.BASIC_OPT, 0);
        checkEqualResults(model, folded, OptLevel.ALL_OPT, 1e-6);
    }

    private static void checkGraph(ModelGraph graph) {
        for (Layer layer : graph.layers()) {
            layer.inputs().forEach(graph::tensor);
            layer.outputs().forEach(graph::tensor);
        }
        assertThat(graph.allowedCuts()).isNotEmpty();
        if (graph.isQuantised()) {
            for (Cut cut : graph.allowedCuts()) {
                assertThat(cut.crossing())
                        .noneMatch(tensor -> tensor.type().isFloating() && !graph.isModelInput(tensor.name()));
            }
        }
    }

    private static void checkEqualResults(Path model, ModelPackage folded, OptLevel level, double tolerance)
            throws OrtException {
        OnnxFile source = OnnxFile.read(model);
        byte[] prepared = PreparedModel.of(source, FoldOptions.DEFAULTS).toByteArray();
        try (SessionOptions options = RuntimeSessions.options(level, THREADS)) {
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    source.home().toString());
            try (OrtSession before = RuntimeSessions.environment().createSession(prepared, options);
                    OrtSession after = RuntimeSessions.open(folded.skeleton(), level, THREADS);
                    GeneratedInputs inputs = GeneratedInputs.of(folded.graph().inputs(), SEED);
                    Result expected = before.run(inputs.tensors());
                    Result actual = after.run(inputs.tensors())) {
                for (TensorSpec output : folded.graph().outputs()) {
                    checkEqual(tensor(expected, output), tensor(actual, output), tolerance);
                }
            }
        }
    }

    private static OnnxTensor tensor(Result result, TensorSpec output) {
        return (OnnxTensor) result.get(output.name()).orElseThrow();
    }

    private static void checkEqual(OnnxTensor expected, OnnxTensor actual, double tolerance) {
        ByteBuffer bytes = expected.getByteBuffer();
        if (bytes.equals(actual.getByteBuffer())) {
            return;
        }
        assertThat(tolerance).as("differs, but must be equal bit by bit").isPositive();
        FloatBuffer wanted = expected.getFloatBuffer();
        FloatBuffer got = actual.getFloatBuffer();
        float range = 0;
        float error = 0;
        for (int index = 0; index < wanted.limit(); index++) {
            range = Math.max(range, Math.abs(wanted.get(index)));
            error = Math.max(error, Math.abs(wanted.get(index) - got.get(index)));
        }
        assertThat((double) error / range).isLessThanOrEqualTo(tolerance);
    }
}
