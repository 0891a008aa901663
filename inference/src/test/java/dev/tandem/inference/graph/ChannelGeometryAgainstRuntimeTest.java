package dev.tandem.inference.graph;

import static dev.tandem.inference.onnx.OnnxModels.constant;
import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.indices;
import static dev.tandem.inference.onnx.OnnxModels.integer;
import static dev.tandem.inference.onnx.OnnxModels.integers;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnxruntime.OrtException;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.OnnxModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channels, and images, that a layer reads, by its geometry and by what the runtime does: see {@link ReadRows}. */
class ChannelGeometryAgainstRuntimeTest {

    private static final Join TWICE =
            new Join(List.of(new Piece(0, new Interval(0, 6)), new Piece(0, new Interval(6, 12))));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void namesTheChannelsThatConvolutionsRead() throws OrtException {
        check(convolution("Conv", 1, 5, 6), new Dense());
        check(convolution("Conv", 6, 6, 1), new Pointwise());
        check(convolution("Conv", 6, 12, 1), new Groups(6, 1, 2));
        check(convolution("Conv", 2, 6, 3), new Groups(2, 3, 3));
        check(convolution("Conv", 3, 3, 2), new Groups(3, 2, 1));
    }

    @Test
    void namesTheChannelsThatTransposedConvolutionsRead() throws OrtException {
        check(convolution("ConvTranspose", 1, 6, 5), new Dense());
        check(convolution("ConvTranspose", 6, 6, 1), new Pointwise());
        check(convolution("ConvTranspose", 6, 6, 3), new Groups(6, 1, 3));
        check(convolution("ConvTranspose", 2, 6, 2), new Groups(2, 3, 2));
    }

    @Test
    void namesTheChannelsThatAreJoined() throws OrtException {
        check(concat("x x", 1), TWICE);
        check(concat("x x", -3), TWICE);
        check(concat("x x", 2), new Pointwise());
    }

    @Test
    void joinsImagesAndOperandsInTheirOrder() {
        GraphProto.Builder several = graph(
                shape(),
                node("Sigmoid", "x", "a"),
                node("MaxPool", "a", "b", integers("kernel_shape", 2, 1), integers("pads", 1, 0, 0, 0)),
                node("Concat", "b x a x", "y", integer("axis", 1)));
        ModelPackage images = fold(concat("x x", 0));

        assertThat(fold(several).graph().layers().get(2).along(Axis.CHANNELS))
                .isEqualTo(new Join(List.of(
                        new Piece(0, new Interval(0, 6)),
                        new Piece(1, new Interval(6, 12)),
                        new Piece(2, new Interval(12, 18)),
                        new Piece(1, new Interval(18, 24)))));
        assertThat(first(images, Axis.BATCH))
                .isEqualTo(new Join(List.of(new Piece(0, new Interval(0, 1)), new Piece(0, new Interval(1, 2)))));
        assertThat(first(images, Axis.CHANNELS)).isEqualTo(new Pointwise());
    }

    @Test
    void namesTheChannelsThatAreSliced() throws OrtException {
        check(slice(1, 4, 1), new Window(1, 1, 1, -1, -2));
        check(slice(1, 6, 2), new Window(1, 2, 1, -1, 0));
        check(slice(-5, -1, 3), new Window(1, 3, 1, -1, -1));
        check(slice(-100, 3, 1), new Window(1, 1, 1, 0, -3));
    }

    @Test
    void claimsNothingOfConstantsThatAreJoinedAndOfWhatIsTurnedRound() {
        GraphProto.Builder constant = concat("x w", 1).addInitializer(constant("w", 1, 1, 2, 4, 3));

        assertWhole("joins a constant", first(fold(constant), Axis.CHANNELS));
        assertWhole("backwards", first(fold(slice(5, 0, -1)), Axis.CHANNELS));
    }

    /** With weights of so many filters and channels of each; of a transposed one, of channels and filters of each group. */
    private static GraphProto.Builder convolution(String operator, int group, int first, int second) {
        return graph(shape(), node(operator, "x w", "y", integer("group", group)))
                .addInitializer(constant("w", 1, first, second, 2, 1));
    }

    private static GraphProto.Builder concat(String operands, int axis) {
        return graph(shape(), node("Concat", operands, "y", integer("axis", axis)));
    }

    private static GraphProto.Builder slice(long start, long end, long step) {
        return graph(shape(), node("Slice", "x starts ends axes steps", "y"))
                .addInitializer(indices("starts", start))
                .addInitializer(indices("ends", end))
                .addInitializer(indices("axes", 1))
                .addInitializer(indices("steps", step));
    }

    private static List<Integer> shape() {
        return List.of(1, 6, 4, 3);
    }

    private static void assertWhole(String reason, AxisGeometry geometry) {
        assertThat(geometry).isInstanceOf(Whole.class);
        assertThat(((Whole) geometry).reason()).contains(reason);
    }

    private static AxisGeometry first(ModelPackage folded, Axis axis) {
        return folded.graph().layers().get(0).along(axis);
    }

    private void check(GraphProto.Builder graph, AxisGeometry geometry) throws OrtException {
        ModelPackage folded = fold(graph);
        assertThat(first(folded, Axis.CHANNELS)).as(graph.getNode(0).toString()).isEqualTo(geometry);
        ReadRows.check(folded, Axis.CHANNELS);
    }

    private ModelPackage fold(GraphProto.Builder graph) {
        OperatorSetIdProto.Builder version = OperatorSetIdProto.newBuilder().setVersion(13);
        Path model = OnnxModels.write(directory, "m.onnx", model(graph).setOpsetImport(0, version));
        return ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
    }
}
