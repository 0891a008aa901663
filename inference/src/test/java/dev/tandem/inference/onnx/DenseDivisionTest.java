package dev.tandem.inference.onnx;

import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.integer;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import com.google.protobuf.ByteString;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.onnx.ModelPackage.Piece;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DenseDivisionTest {
    private static final long SEED = 11;
    private static final int ROWS = 3;
    private static final int IN = 40;
    private static final int OUT = 80;
    private static final long WEIGHT_BYTES = IN * OUT * Float.BYTES;
    /** So that 80 channels become 32, 32 and 16. */
    private static final long MOST_BYTES = WEIGHT_BYTES / 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    static Stream<GraphProto.Builder> denseLayers() {
        List<Integer> matrix = List.of(ROWS, IN);
        TensorProto weight = random("w", IN, OUT);
        TensorProto transposed = random("w", OUT, IN);
        return Stream.of(
                graph(matrix, node("Gemm", "x w b", "y", integer("transB", 1)))
                        .addInitializer(transposed)
                        .addInitializer(random("b", OUT)),
                graph(matrix, node("Gemm", "x w b", "y")).addInitializer(weight).addInitializer(random("b", ROWS, OUT)),
                graph(matrix, node("Gemm", "x w b", "y")).addInitializer(weight).addInitializer(random("b", ROWS, 1)),
                graph(List.of(IN, ROWS), node("Gemm", "x w", "y", integer("transA", 1)))
                        .addInitializer(weight),
                graph(matrix, node("MatMul", "x w", "y")).addInitializer(weight),
                graph(List.of(2, ROWS, IN), node("MatMul", "x w", "y")).addInitializer(weight),
                graph(List.of(IN), node("MatMul", "x w", "y")).addInitializer(weight));
    }

    @ParameterizedTest
    @MethodSource("denseLayers")
    void dividesALargeDenseLayerIntoPartsThatComputeTheSame(GraphProto.Builder graph) throws OrtException {
        ModelPackage whole = fold(graph, Long.MAX_VALUE);

        ModelPackage parts = fold(graph, MOST_BYTES);

        assertThat(parts.graph().layers())
                .extracting(Layer::operator)
                .containsExactly(
                        graph.getNode(0).getOpType(),
                        graph.getNode(0).getOpType(),
                        graph.getNode(0).getOpType(),
                        "Concat");
        assertThat(parts.graph().outputs()).isEqualTo(whole.graph().outputs());
        assertThat(parts.graph().multiplyAdds(parts.graph().whole()))
                .isEqualTo(whole.graph().multiplyAdds(whole.graph().whole()));
        assertThat(weightBytes(parts)).isEqualTo(WEIGHT_BYTES);
        checkEqual(run(whole), run(parts));
    }

    @Test
    void carriesTheInputAndThePartsSoFarAcrossACutBetweenParts() {
        ModelGraph graph =
                fold(denseLayers().findFirst().orElseThrow(), MOST_BYTES).graph();

        List<Cut> cuts = graph.allowedCuts();

        assertThat(cuts).extracting(cut -> cut.crossing().size()).containsExactly(2, 3, 3);
        assertThat(graph.layers())
                .extracting(Layer::weightBytes)
                .allMatch(bytes -> bytes <= MOST_BYTES + OUT * Float.BYTES);
    }

    @Test
    void saysWhatItDivided() {
        ModelPackage folded = fold(denseLayers().findFirst().orElseThrow(), MOST_BYTES);

        assertThat(DividedLayer.of(folded)).singleElement().satisfies(divided -> {
            assertThat(divided.name()).isEqualTo("gemm-y");
            assertThat(divided.operator()).isEqualTo("Gemm");
            assertThat(divided.weightBytes()).isEqualTo(WEIGHT_BYTES);
            assertThat(divided.mostBytes()).isEqualTo(MOST_BYTES);
            assertThat(divided.parts())
                    .containsExactly("gemm-y_channels_0_32", "gemm-y_channels_32_64", "gemm-y_channels_64_80");
        });
    }

    @Test
    void findsNamesThatTheModelDoesNotUse() {
        GraphProto.Builder graph = graph(
                        List.of(ROWS, IN),
                        node("Relu", "x", "y_channels_0_32"),
                        node("MatMul", "y_channels_0_32 w", "y"))
                .addInitializer(random("w", IN, OUT));

        List<Layer> layers = fold(graph, MOST_BYTES).graph().layers();

        assertThat(layers).flatExtracting(Layer::outputs).doesNotHaveDuplicates();
    }

    static Stream<GraphProto.Builder> wholeLayers() {
        List<Integer> matrix = List.of(OUT, IN);
        TensorProto weight = random("w", IN, OUT);
        return Stream.of(
                graph(matrix, node("Gemm", "x w b", "y"), node("ReduceMax", "x", "b", integer("keepdims", 0)))
                        .clearNode()
                        .addNode(node("ReduceMax", "x", "b", integer("keepdims", 0)))
                        .addNode(node("Gemm", "x w b", "y"))
                        .addInitializer(weight),
                graph(matrix, node("MatMul", "w x", "y")).addInitializer(weight),
                graph(List.of(2, OUT, IN), node("MatMul", "x w", "y")).addInitializer(random("w", 2, IN, OUT)),
                graph(
                                matrix,
                                node("MatMul", "x w", "a"),
                                node("Mul", "a s", "b"),
                                node("MatMul", "b v", "c"),
                                node("MatMul", "c w", "y"))
                        .addInitializer(weight)
                        .addInitializer(random("v", OUT, IN))
                        .addInitializer(random("s", 1)));
    }

    @ParameterizedTest
    @MethodSource("wholeLayers")
    void leavesWholeWhatItCannotDivideWithoutCopies(GraphProto.Builder graph) {
        ModelPackage folded = fold(graph, Math.max(MOST_BYTES, graph.getNodeCount() > 2 ? WEIGHT_BYTES - 1 : 0));

        assertThat(DividedLayer.of(folded))
                .noneMatch(divided ->
                        divided.name().equals("matmul-y") || divided.name().equals("gemm-y"));
    }

    @Test
    void keepsPackagesOfDifferentBoundsApart() {
        GraphProto.Builder graph = denseLayers().findFirst().orElseThrow();

        assertThat(fold(graph, MOST_BYTES).directory())
                .isNotEqualTo(fold(graph, MOST_BYTES / 2).directory());
        assertThat(fold(graph, FoldOptions.MOST_DENSE_BYTES).graph().layers()).hasSize(1);
    }

    @Test
    void refusesABoundThatNoLayerKeeps() {
        assertThatThrownBy(() -> new FoldOptions(DimensionValues.DEFAULTS, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mostDenseBytes (0) must be at least 1");
    }

    private ModelPackage fold(GraphProto.Builder graph, long mostBytes) {
        ModelProto.Builder model = model(graph);
        Path file = OnnxModels.write(directory, "m.onnx", model);
        return ModelFolder.fold(file, new FoldOptions(DimensionValues.DEFAULTS, mostBytes), directory.resolve("cache"));
    }

    private static long weightBytes(ModelPackage folded) {
        return folded.pieces().stream()
                .skip(2)
                .mapToLong(Piece::bytes)
                .filter(bytes -> bytes > OUT * ROWS * Float.BYTES)
                .sum();
    }

    private static float[] run(ModelPackage folded) throws OrtException {
        try (OrtSession session = RuntimeSessions.open(folded.skeleton(), OptLevel.ALL_OPT, 1);
                GeneratedInputs inputs = GeneratedInputs.of(folded.graph().inputs(), SEED);
                Result result = session.run(inputs.tensors())) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] copy = new float[values.remaining()];
            values.get(copy);
            return copy;
        }
    }

    private static void checkEqual(float[] expected, float[] actual) {
        float range = 0;
        float difference = 0;
        for (int index = 0; index < expected.length; index++) {
            range = Math.max(range, Math.abs(expected[index]));
            difference = Math.max(difference, Math.abs(expected[index] - actual[index]));
        }
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(difference / range).isLessThan(1e-6f);
    }

    private static TensorProto random(String name, long... shape) {
        TensorProto zeros = OnnxModels.constant(name, 0, shape);
        Random random = new Random(SEED);
        ByteBuffer raw = ByteBuffer.allocate(zeros.getRawData().size()).order(ByteOrder.LITTLE_ENDIAN);
        while (raw.hasRemaining()) {
            raw.putFloat(random.nextFloat() - 0.5f);
        }
        return zeros.toBuilder().setRawData(ByteString.copyFrom(raw.flip())).build();
    }
}
