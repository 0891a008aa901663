package dev.tandem.inference.graph;

import static dev.tandem.inference.onnx.OnnxModels.constant;
import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.indices;
import static dev.tandem.inference.onnx.OnnxModels.integer;
import static dev.tandem.inference.onnx.OnnxModels.integers;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static dev.tandem.inference.onnx.OnnxModels.text;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Enlarge;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.region.Axis;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.OnnxModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows that a layer reads, by its geometry and by what the runtime does: see {@link ReadRows}. */
class AxisGeometryAgainstRuntimeTest {
    private static final long SEED = 20261121;
    private static final int WIDTH = 9;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Random random = new Random(SEED);

    @Test
    void namesTheRowsThatConvolutionsRead() throws OrtException {
        for (int sample = 0; sample < 25; sample++) {
            int kernel = 1 + random.nextInt(4);
            int group = random.nextBoolean() ? 2 : 1;
            List<AttributeProto> attributes = windowAttributes(kernel, true);
            attributes.add(integer("group", group));

            check(single("Conv", attributes, constant("w", 1, 4, 2 / group, kernel, kernel)), Window.class);
        }
    }

    @Test
    void namesTheRowsThatMaxPoolsRead() throws OrtException {
        for (int sample = 0; sample < 25; sample++) {
            List<AttributeProto> attributes = windowAttributes(1 + random.nextInt(4), true);
            attributes.add(integer("ceil_mode", random.nextInt(2)));

            check(single("MaxPool", attributes), Window.class);
        }
    }

    @Test
    void namesTheRowsThatAveragePoolsRead() throws OrtException {
        for (int sample = 0; sample < 25; sample++) {
            List<AttributeProto> attributes = windowAttributes(1 + random.nextInt(4), false);
            int countsPadding = random.nextInt(2);
            attributes.add(integer("count_include_pad", countsPadding));
            attributes.add(integer("ceil_mode", countsPadding == 1 ? 0 : random.nextInt(2)));

            check(single("AveragePool", attributes), Window.class);
        }
    }

    @Test
    void namesTheRowsThatTransposedConvolutionsRead() throws OrtException {
        for (int sample = 0; sample < 25; sample++) {
            int kernel = 1 + random.nextInt(4);
            int stride = 1 + random.nextInt(3);
            int padding = random.nextInt(kernel);
            List<AttributeProto> attributes = List.of(
                    integers("kernel_shape", kernel, kernel),
                    integers("strides", stride, stride),
                    integers("pads", padding, padding, random.nextInt(kernel), padding),
                    integers("output_padding", random.nextInt(stride), 0));

            check(single("ConvTranspose", attributes, constant("w", 1, 2, 3, kernel, kernel)), TransposedWindow.class);
        }
    }

    @Test
    void namesTheRowsThatEnlargementsRead() throws OrtException {
        for (String[] mode : new String[][] {
            {"asymmetric", "floor"}, {"half_pixel", "round_prefer_floor"}, {"pytorch_half_pixel", "round_prefer_ceil"}
        }) {
            for (int factor = 2; factor <= 5; factor++) {
                GraphProto.Builder resize = graph(
                                shape(3 + factor),
                                node(
                                        "Resize",
                                        "x  scales",
                                        "y",
                                        text("mode", "nearest"),
                                        text("coordinate_transformation_mode", mode[0]),
                                        text("nearest_mode", mode[1])))
                        .addInitializer(scales(factor));

                check(resize, Enlarge.class);
            }
        }
    }

    /** The runtime samples by the scale that is given, which heights rounded down to whole rows do not show. */
    @Test
    void claimsNothingOfScalesThatAreNotTheFactorOfTheHeights() {
        for (String coordinates : List.of("asymmetric", "half_pixel")) {
            assertWhole("2.2", "scale 2.2", resize(4, coordinates, 2.2f));
            assertWhole("1.1", "scale 1.1", resize(5, coordinates, 1.1f));
        }
        assertWhole("roi", "tf_crop_and_resize", cropAndResize());
        assertWhole("keeps the aspect ratio", fold("kept", keepingAspectRatio(), 18));
    }

    @Test
    void takesConstantsThatDifferFromRowToRow() {
        GraphProto.Builder bias = graph(shape(4), node("Add", "x w", "y")).addInitializer(constant("w", 1, 4, 1));

        assertThat(fold("bias", bias).graph().layers().get(0).along(Axis.ROWS)).isEqualTo(new AxisGeometry.Pointwise());
    }

    @Test
    void readsNoOtherRowsWhereTheHeightStays() {
        assertThat(fold("same", resize(5, "half_pixel", 1))
                        .graph()
                        .layers()
                        .get(0)
                        .along(Axis.ROWS))
                .isEqualTo(new AxisGeometry.Pointwise());
    }

    private static GraphProto.Builder resize(int rows, String coordinates, float scale) {
        return graph(
                        shape(rows),
                        node(
                                "Resize",
                                "x  scales",
                                "y",
                                text("mode", "nearest"),
                                text("coordinate_transformation_mode", coordinates),
                                text(
                                        "nearest_mode",
                                        coordinates.equals("asymmetric") ? "floor" : "round_prefer_floor")))
                .addInitializer(floats("scales", 1, 1, scale, 2));
    }

    private static GraphProto.Builder cropAndResize() {
        return graph(
                        shape(4),
                        node(
                                "Resize",
                                "x roi scales",
                                "y",
                                text("mode", "nearest"),
                                text("coordinate_transformation_mode", "tf_crop_and_resize")))
                .addInitializer(floats("roi", 0, 0, 0.5f, 0, 1, 1, 1, 1))
                .addInitializer(floats("scales", 1, 1, 1, 2));
    }

    private static GraphProto.Builder keepingAspectRatio() {
        return graph(
                        shape(4),
                        node(
                                "Resize",
                                "x   sizes",
                                "y",
                                text("mode", "nearest"),
                                text("coordinate_transformation_mode", "asymmetric"),
                                text("nearest_mode", "floor"),
                                integers("axes", 2, 3),
                                text("keep_aspect_ratio_policy", "not_larger")))
                .addInitializer(indices("sizes", 10, 19));
    }

    @Test
    void claimsNothingOfPoolsThatPadByLessThanNothingAlongColumns() {
        assertWhole(
                "columns",
                "leave columns out",
                graph(
                        shape(8),
                        node(
                                "MaxPool",
                                "x",
                                "y",
                                integers("kernel_shape", 1, 1),
                                integers("strides", 1, 3),
                                text("auto_pad", "SAME_UPPER"))));
    }

    @Test
    void namesTheRowsThatPaddingAndSlicingRead() throws OrtException {
        for (int sample = 0; sample < 5; sample++) {
            int begin = random.nextInt(6) - 2;
            GraphProto.Builder pad = graph(shape(7), node("Pad", "x pads", "y"))
                    .addInitializer(indices("pads", 0, 0, begin, 1, 0, 0, 1 + random.nextInt(3), 1));
            check(pad, Padding.class);

            GraphProto.Builder slice = graph(shape(5 + sample), node("Slice", "x starts ends axes steps", "y"))
                    .addInitializer(indices("starts", 0, 1))
                    .addInitializer(indices("ends", Long.MAX_VALUE, 5))
                    .addInitializer(indices("axes", 2, 3))
                    .addInitializer(indices("steps", 2 + sample % 2, 1));
            check(slice, Window.class);
        }
    }

    @Test
    void namesTheRowsThatBecomeChannelsAndBack() throws OrtException {
        check(graph(List.of(1, 8, 5, WIDTH), node("DepthToSpace", "x", "y", integer("blocksize", 2))), Enlarge.class);
        check(graph(List.of(1, 2, 6, 10), node("SpaceToDepth", "x", "y", integer("blocksize", 2))), Window.class);
    }

    @Test
    void readsAllRowsForOneThatStandsForThem() throws OrtException {
        check(graph(shape(4), node("GlobalLpPool", "x", "y")), Dense.class);
        check(graph(shape(5), node("ReduceMean", "x", "y", integers("axes", 2), integer("keepdims", 1))), Dense.class);
    }

    @Test
    void claimsNothingOfOperatorsThatMixRows() {
        assertWhole(
                "bilinear",
                "blends rows",
                graph(shape(4), node("Resize", "x  scales", "y", text("mode", "linear")))
                        .addInitializer(scales(2)));
        assertWhole(
                "reduce",
                "writes a tensor without rows",
                graph(shape(4), node("ReduceMean", "x", "y", integers("axes", 2), integer("keepdims", 0))));
        assertWhole("softmax", "normalises over rows", graph(shape(4), node("Softmax", "x", "y", integer("axis", 2))));
        assertWhole(
                "border",
                "repeats rows of the border",
                graph(shape(4), node("Pad", "x pads", "y", text("mode", "edge")))
                        .addInitializer(indices("pads", 0, 0, 1, 1, 0, 0, 1, 1)));
        assertWhole(
                "ceil",
                "ceil_mode",
                graph(
                        shape(6),
                        node(
                                "AveragePool",
                                "x",
                                "y",
                                integers("kernel_shape", 3, 3),
                                integers("strides", 2, 2),
                                integer("ceil_mode", 1),
                                integer("count_include_pad", 1))));
    }

    @Test
    void finishesOneBranchBeforeTheNext() {
        GraphProto.Builder graph = graph(
                shape(4),
                node("Sigmoid", "x", "a1"),
                node("Tanh", "x", "b1"),
                node("Exp", "a1", "a2"),
                node("Sin", "b1", "b2"),
                node("Add", "a2 b2", "y"));

        List<Layer> layers = fold("branches", graph).graph().layers();

        assertThat(layers).extracting(Layer::operator).containsExactly("Sigmoid", "Exp", "Tanh", "Sin", "Add");
    }

    private void assertWhole(String name, String reason, GraphProto.Builder graph) {
        assertWhole(reason, fold(name, graph));
    }

    private static void assertWhole(String reason, ModelPackage folded) {
        AxisGeometry geometry = folded.graph().layers().get(0).along(Axis.ROWS);

        assertThat(geometry).isInstanceOf(Whole.class);
        assertThat(((Whole) geometry).reason()).contains(reason);
    }

    private List<AttributeProto> windowAttributes(int kernel, boolean dilated) {
        int dilation = dilated ? 1 + random.nextInt(2) : 1;
        // Pools that leave out more pad negatively to the same size, which is refused and has a test of its own.
        int stride = Math.min(1 + random.nextInt(3), kernel + 1);
        List<AttributeProto> attributes =
                new ArrayList<>(List.of(integers("kernel_shape", kernel, kernel), integers("strides", stride, stride)));
        if (dilation > 1) {
            attributes.add(integers("dilations", dilation, 1));
        }
        switch (random.nextInt(4)) {
            case 0 -> attributes.add(text("auto_pad", dilation == 1 ? "SAME_UPPER" : "VALID"));
            case 1 -> attributes.add(text("auto_pad", dilation == 1 ? "SAME_LOWER" : "VALID"));
            default ->
                attributes.add(
                        integers("pads", random.nextInt(kernel), random.nextInt(kernel), random.nextInt(kernel), 0));
        }
        return attributes;
    }

    private GraphProto.Builder single(String operator, List<AttributeProto> attributes, TensorProto... weights) {
        String inputs = weights.length == 0 ? "x" : "x w";
        return graph(
                        shape(8 + random.nextInt(6)),
                        node(operator, inputs, "y", attributes.toArray(AttributeProto[]::new)))
                .addAllInitializer(List.of(weights));
    }

    private static List<Integer> shape(int rows) {
        return List.of(1, 2, rows, WIDTH);
    }

    private static TensorProto scales(int factor) {
        return floats("scales", 1, 1, factor, factor);
    }

    private static TensorProto floats(String name, float... values) {
        TensorProto.Builder tensor =
                constant(name, 1, values.length).toBuilder().clearRawData();
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    private ModelPackage fold(String name, GraphProto.Builder graph) {
        return fold(name, graph, 13);
    }

    private ModelPackage fold(String name, GraphProto.Builder graph, long opset) {
        OperatorSetIdProto.Builder version = OperatorSetIdProto.newBuilder().setVersion(opset);
        Path model = OnnxModels.write(directory, name + ".onnx", model(graph).setOpsetImport(0, version));
        return ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
    }

    private void check(GraphProto.Builder graph, Class<? extends AxisGeometry> kind) throws OrtException {
        ModelPackage folded = fold("m", graph);
        assertThat(folded.graph().layers().get(0).along(Axis.ROWS))
                .as(graph.getNode(0).toString())
                .isInstanceOf(kind);
        ReadRows.check(folded);
    }
}
