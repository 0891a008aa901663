package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.graph.OnnxTypes;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators in forms that exporters of long ago wrote, or that hardly any writes: divided exactly, or refused by name. */
class OddFormsTest {

    private static final double TOLERANCE = 1e-6;

    private final Path directory;

    OddFormsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource(
            value = Axis.class,
            names = {"ROWS", "COLUMNS", "CHANNELS"})
    void slicesToTheEndByAttributes(Axis axis) throws IOException {
        Nets net = new Nets(1, 9);
        net.input("x", 2, 4, 8, 6);
        net.layer(
                Nets.node("Slice", "x")
                        .addAttribute(Nets.ints("axes", 2, 3))
                        .addAttribute(Nets.ints("starts", 1, -5))
                        .addAttribute(Nets.ints("ends", Long.MAX_VALUE, Long.MAX_VALUE)),
                2,
                4,
                7,
                5);

        requireEqual(net, axis);
    }

    /** One row of four is read, from the second on: the runtime centres such windows. */
    @ParameterizedTest
    @CsvSource({"MaxPool, 1, BATCH", "MaxPool, 1, CHANNELS", "AveragePool, 2, BATCH", "AveragePool, 2, CHANNELS"})
    void poolsThatLeaveOutAndPadAutomatically(String operator, int kernel, Axis axis) throws IOException {
        Nets net = leavingOut(Nets.node(operator, "x")
                .addAttribute(Nets.ints("kernel_shape", kernel, kernel))
                .addAttribute(Nets.integer("ceil_mode", 1)));

        requireEqual(net, axis);
        assertThat(geometry(net, Axis.ROWS)).isInstanceOf(Whole.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Axis.class,
            names = {"BATCH", "CHANNELS"})
    void convolutionsThatLeaveOutAndPadAutomatically(Axis axis) throws IOException {
        Nets net = new Nets(1, 17);
        net.input("x", 2, 4, 8, 8);
        net.layer(automatic(Nets.node("Conv", "x", net.weights(4, 4, 1, 1))), 2, 4, 2, 2);

        requireEqual(net, axis);
        assertThat(geometry(net, Axis.COLUMNS))
                .isEqualTo(new Whole("Conv pads automatically although its windows leave rows out"));
    }

    private static Nets leavingOut(NodeProto.Builder pool) {
        Nets net = new Nets(1, 17);
        net.input("x", 2, 4, 8, 8);
        net.layer(automatic(pool), 2, 4, 2, 2);
        return net;
    }

    private static NodeProto.Builder automatic(NodeProto.Builder window) {
        return window.addAttribute(Nets.ints("strides", 4, 4)).addAttribute(Nets.string("auto_pad", "SAME_UPPER"));
    }

    @Test
    void takesNoOperatorForOneWithChannelsInFront() {
        Nets net = quantised();
        net.layer(
                Nets.node("QLinearConv", "q", net.scalar(1), net.zeroPoint(false, 0), net.bytes(false, 32, 1, 3, 3))
                        .setDomain("com.microsoft")
                        .addAttribute(Nets.integer("channels_last", 1))
                        .addAttribute(Nets.integer("group", 32)),
                new TensorSpec("y", ElementType.UINT8, List.of(1, 14, 14, 32)));

        for (Axis axis : Axis.values()) {
            assertThat(geometry(net, axis))
                    .isEqualTo(new Whole("operator QLinearConv of domain com.microsoft is not known"));
        }
    }

    @Test
    void averagesChannelsAtTheEndAlongNoAxis() {
        Nets net = quantised();
        net.layer(
                Nets.node("QLinearGlobalAveragePool", "q", net.scalar(1), net.zeroPoint(false, 0))
                        .setDomain("com.microsoft")
                        .addAttribute(Nets.integer("channels_last", 1)),
                new TensorSpec("y", ElementType.UINT8, List.of(1, 1, 1, 32)));

        for (Axis axis : Axis.values()) {
            assertThat(geometry(net, axis)).isEqualTo(new Whole("QLinearGlobalAveragePool has channels at the end"));
        }
    }

    /** With 32 channels at the end. */
    private static Nets quantised() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 16, 16, 32);
        net.layer(
                Nets.node("QuantizeLinear", "x", net.scalar(1), net.zeroPoint(false, 0)),
                new TensorSpec("q", ElementType.UINT8, List.of(1, 16, 16, 32)));
        return net;
    }

    @Test
    void keepsStatisticsOfEachPositionWhole() {
        Nets net = new Nets(1, 7);
        net.input("x", 2, 3, 8, 6);
        String[] inputs = {"x", net.weights(3, 8, 6), net.weights(3, 8, 6), net.weights(3, 8, 6), net.weights(3, 8, 6)};
        net.layer(Nets.node("BatchNormalization", inputs).addAttribute(Nets.integer("spatial", 0)), 2, 3, 8, 6);

        assertThat(geometry(net, Axis.ROWS))
                .isEqualTo(new Whole("BatchNormalization has statistics for each of the rows"));
        assertThat(geometry(net, Axis.CHANNELS)).isEqualTo(new Pointwise());
    }

    @Test
    void keepsScalesOfEachTokenWhole() {
        Nets net = new Nets(1, 17);
        net.input("x", 2, 6, 8);
        net.layer(Nets.node("LayerNormalization", "x", net.weights(1, 6, 8)), 2, 6, 8);

        assertThat(geometry(net, Axis.CHANNELS))
                .isEqualTo(new Whole("LayerNormalization has another constant for each of the channels"));
        assertThat(geometry(net, Axis.BATCH)).isEqualTo(new Pointwise());
    }

    @Test
    void joinsNothingWithAnEmptyTensor() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 4, 4);
        net.input("z", 1, 0, 4, 4);
        net.layer(Nets.node("Concat", "x", "z").addAttribute(Nets.integer("axis", 1)), 1, 2, 4, 4);

        assertThat(geometry(net, Axis.CHANNELS)).isEqualTo(new Whole("Concat joins an empty tensor"));
    }

    @ParameterizedTest
    @CsvSource({"INT4, 13", "UINT4, 13", "FLOAT8E4M3FN, 25", "FLOAT, 100", "INT8, 25"})
    void countsBytesOfSmallTypes(DataType type, long bytes) {
        TensorProto tensor = TensorProto.newBuilder()
                .setDataType(type.getNumber())
                .addDims(5)
                .addDims(5)
                .build();

        assertThat(OnnxTypes.storedBytes(tensor)).isEqualTo(bytes);
    }

    /** Of the last layer. */
    private static AxisGeometry geometry(Nets net, Axis axis) {
        return net.graph().layers().get(net.layers() - 1).along(axis);
    }

    private void requireEqual(Nets net, Axis axis) throws IOException {
        ModelGraph graph = net.graph();
        Path whole = Files.write(directory.resolve("whole.onnx"), net.open().toByteArray());
        Map<String, TensorBuffer> inputs = Map.of("x", Runs.random(graph.tensor("x"), new Random(4)));
        TensorBuffer expected = Runs.get(Runs.run(whole, Runs.settings(true), inputs), "t0");
        for (ShardRegions shard : Divisibility.divide(graph, graph.whole(), Division.along(axis, List.of(1.0, 1.0)))) {
            SegmentModel model = SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard);
            Map<String, TensorBuffer> part = Runs.cut(graph.inputs(), inputs, shard.inputs());
            TensorBuffer actual =
                    Runs.get(Runs.run(model.writeTo(directory, "part.onnx"), Runs.settings(true), part), "t0");
            Region region = Runs.get(shard.outputs(), "t0");
            assertThat(Runs.difference(actual, Runs.cut(graph.tensor("t0"), expected, region), Runs.range(expected)))
                    .as("%s of %s", region, model.proto())
                    .isLessThan(TOLERANCE);
        }
    }
}
