package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentExtractorTest {

    private final Path directory;

    SegmentExtractorTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void twoPartsGiveTheWholeAtEveryCut() throws IOException {
        for (int seed = 0; seed < 25; seed++) {
            Nets net = RandomNet.of(seed);
            ModelGraph graph = net.graph();
            for (Cut cut : graph.allowedCuts()) {
                requireEqual(net, graph, cut);
            }
        }
    }

    private void requireEqual(Nets net, ModelGraph graph, Cut cut) throws IOException {
        Path whole = Files.write(directory.resolve("whole.onnx"), net.open().toByteArray());
        Map<String, TensorBuffer> tensors = new LinkedHashMap<>();
        graph.inputs().forEach(input -> tensors.put(input.name(), Runs.random(input, new Random(5))));
        Map<String, TensorBuffer> expected = Runs.run(whole, Runs.settings(true), Map.copyOf(tensors));
        ModelProto skeleton = net.skeleton(directory);
        for (Segment segment : List.of(
                new Segment(0, cut.position()),
                new Segment(cut.position(), graph.layers().size()))) {
            SegmentModel model = SegmentExtractor.extract(skeleton, graph, segment);
            Map<String, TensorBuffer> inputs = Runs.cut(graph.inputs(segment), tensors, Map.of());
            tensors.putAll(Runs.run(model.writeTo(directory, "part.onnx"), Runs.settings(true), inputs));
        }
        for (TensorSpec output : graph.outputs()) {
            assertThat(Runs.difference(Runs.get(tensors, output.name()), Runs.get(expected, output.name())))
                    .as("%s cut at %d", graph.layers(), cut.position())
                    .isLessThanOrEqualTo(1e-6);
        }
    }

    @Test
    void takesOnlyTheWeightsAndConstantNodesThatTheSegmentReads() {
        Nets net = new Nets(1, 17);
        TensorSpec x = net.input("x", 1, 8, 10, 10);
        TensorSpec first = net.layer(
                Nets.node("Conv", x.name(), net.weights(8, 8, 3, 3)).addAttribute(Nets.ints("pads", 1, 1, 1, 1)),
                1,
                8,
                10,
                10);
        String derived = net.derived(Nets.node("Identity", net.weights(8, 8, 3, 3)));
        net.layer(Nets.node("Conv", first.name(), derived).addAttribute(Nets.ints("pads", 1, 1, 1, 1)), 1, 8, 10, 10);
        ModelProto skeleton = net.skeleton(directory);

        SegmentModel model = SegmentExtractor.extract(skeleton, net.graph(), new Segment(1, 2));

        assertThat(model.proto().getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Identity", "Conv");
        assertThat(model.proto().getGraph().getInitializerCount()).isEqualTo(1);
        assertThat(model.weights()).hasSize(1).allSatisfy(file -> assertThat(directory.resolve(file.sha256()))
                .exists());
        assertThat(model.inputs()).extracting(TensorSpec::name).containsExactly("t0");
        assertThat(model.outputs()).extracting(TensorSpec::name).containsExactly("t1");
        assertThat(model.proto().getOpsetImportList()).isEqualTo(skeleton.getOpsetImportList());
        assertThat(model.proto().getIrVersion()).isEqualTo(skeleton.getIrVersion());
    }

    @Test
    void restoresWhatWasLoweredWhereAllItsPartsAreInOneSegment() {
        Nets net = new Nets(1, 17);
        TensorSpec x = net.input("x", 1, 8, 10, 10);
        TensorSpec normal =
                net.layer(Nets.node("InstanceNormalization", x.name(), net.positive(8), net.weights(8)), 1, 8, 10, 10);
        net.layer(Nets.node("GlobalAveragePool", normal.name()), 1, 8, 1, 1);
        ModelGraph graph = net.graph();
        int last = graph.layers().size();

        assertThat(operators(net, graph, graph.whole())).containsExactly("InstanceNormalization", "GlobalAveragePool");
        assertThat(operators(net, graph, new Segment(0, last - 1)))
                .containsExactly("InstanceNormalization", "ReduceMean");
        assertThat(operators(net, graph, new Segment(last - 1, last))).containsExactly("ReduceMean");
        assertThat(operators(net, graph, new Segment(1, last)))
                .doesNotContain("InstanceNormalization")
                .contains("GlobalAveragePool");
    }

    private List<String> operators(Nets net, ModelGraph graph, Segment segment) {
        return SegmentExtractor.extract(net.skeleton(directory), graph, segment)
                .proto()
                .getGraph()
                .getNodeList()
                .stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    @Test
    void writesTheWholeFileOrNone() throws IOException {
        Nets net = relu();
        SegmentModel model = SegmentExtractor.extract(
                net.skeleton(directory), net.graph(), net.graph().whole());

        Path file = model.writeTo(directory, "part.onnx");

        assertThat(ModelProto.parseFrom(Files.readAllBytes(file))).isEqualTo(model.proto());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> model.writeTo(directory.resolve("absent"), "part.onnx"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void declaresTheShapesOfTheRegions() {
        Nets net = relu();
        ShardRegions regions = new ShardRegions(Map.of("x", Region.rows(1, 6)), Map.of("t0", Region.rows(2, 5)));

        SegmentModel model = SegmentExtractor.extract(
                net.skeleton(directory), net.graph(), net.graph().whole(), regions);

        assertThat(model.inputs().get(0).shape()).containsExactly(1, 2, 5, 4);
        assertThat(model.outputs().get(0).shape()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void cutsWhatIsEnlargedFromASingleRow() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 1, 4);
        net.layer(
                Nets.node("Resize", "x", "", net.floats(1, 1, 3, 1)).addAttribute(Nets.string("mode", "nearest")),
                1,
                2,
                3,
                4);

        SegmentModel model = SegmentExtractor.extract(
                net.skeleton(directory),
                net.graph(),
                net.graph().whole(),
                new ShardRegions(Map.of(), Map.of("t0", Region.rows(0, 2))));

        assertThat(model.proto().getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Resize", "Slice");
    }

    @Test
    void refusesInputRegionThatLacksRows() {
        Nets net = relu();
        ShardRegions regions = new ShardRegions(Map.of("x", Region.rows(3, 6)), Map.of("t0", Region.rows(2, 5)));

        assertThatThrownBy(() -> SegmentExtractor.extract(
                        net.skeleton(directory), net.graph(), net.graph().whole(), regions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("region (rows[3,6)) of input 'x' must hold rows [2,5)");
    }

    @Test
    void refusesChannelsOfAnOperatorThatMixesThem() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 8, 4);
        net.layer(Nets.node("LRN", "x").addAttribute(Nets.integer("size", 3)), 1, 2, 8, 4);
        Region channels = new Region(Map.of(Axis.CHANNELS, new Interval(0, 1)));
        ShardRegions regions = new ShardRegions(Map.of(), Map.of("t0", channels));

        assertThatThrownBy(() -> SegmentExtractor.extract(
                        net.skeleton(directory), net.graph(), net.graph().whole(), regions))
                .isInstanceOf(NotDivisibleException.class)
                .hasMessageContaining("operator LRN is not known to work by channels");
    }

    @Test
    void refusesToCutABroadcastActivationAtAnAxisThatIsNotTheOutputs() {
        Nets net = new Nets(1, 17);
        net.input("x", 2, 3, 8, 8);
        net.input("mask", 8, 8);
        net.layer(Nets.node("Add", "x", "mask"), 2, 3, 8, 8);
        ModelGraph graph = net.graph();

        assertThat(Divisibility.refusal(graph, Axis.BATCH, graph.whole(), 2).orElseThrow())
                .contains("input 'mask' of Add", "whose axes are not those of the output");
        assertThat(Divisibility.refusal(graph, Axis.CHANNELS, graph.whole(), 2)).isPresent();
    }

    @Test
    void refusesABatchOfTransposedConvolutionsThatPadAutomatically() {
        Nets net = new Nets(1, 17);
        net.input("x", 2, 2, 8, 8);
        net.layer(
                Nets.node("ConvTranspose", "x", net.weights(2, 3, 3, 3))
                        .addAttribute(Nets.ints("strides", 2, 2))
                        .addAttribute(Nets.string("auto_pad", "SAME_UPPER")),
                2,
                3,
                16,
                16);
        ModelGraph graph = net.graph();

        for (Axis axis : List.of(Axis.BATCH, Axis.CHANNELS)) {
            assertThat(Divisibility.refusal(graph, axis, graph.whole(), 2).orElseThrow())
                    .contains("derives its padding from the output's shape");
        }
    }

    @Test
    void refusesGraphOfAnotherModel() {
        Nets net = relu();
        Nets other = new Nets(2, 17);
        other.input("x", 1, 2, 8, 4);

        assertThatThrownBy(() -> SegmentExtractor.extract(
                        other.skeleton(directory), net.graph(), net.graph().whole()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'layer0' has no node");
    }

    @Test
    void refusalsNameLayerAndReason() {
        requireRefusal(
                "leave columns out",
                Nets.node("MaxPool", "x")
                        .addAttribute(Nets.ints("kernel_shape", 1, 1))
                        .addAttribute(Nets.ints("strides", 1, 4))
                        .addAttribute(Nets.string("auto_pad", "SAME_UPPER")),
                1,
                2,
                8,
                1);
        requireRefusal(
                "Softmax normalises over rows",
                Nets.node("Softmax", "x").addAttribute(Nets.integer("axis", 2)),
                1,
                2,
                8,
                4);
        requireRefusal("is not known to work by rows", Nets.node("Unknown", "x"), 1, 2, 8, 4);
    }

    private void requireRefusal(String reason, NodeProto.Builder node, int... shape) {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 8, 4);
        net.layer(node, shape);
        ModelGraph graph = net.graph();
        ShardRegions upper = new ShardRegions(Map.of(), Map.of("t0", Region.rows(0, 4)));

        assertThatThrownBy(() -> SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), upper))
                .isInstanceOf(NotDivisibleException.class)
                .hasMessageStartingWith("layer 'layer0' (")
                .hasMessageContaining(reason);
    }

    @Test
    void quantisedShardsAreBitEqual() throws IOException {
        Nets net = new Nets(3, 17);
        TensorSpec x = net.input("x", 1, 3, 13, 9);
        String scale = net.scalar(0.05f);
        String zero = net.zeroPoint(false, 128);
        TensorSpec quantised = net.layer(
                Nets.node("QuantizeLinear", x.name(), scale, zero),
                new TensorSpec("q", ElementType.UINT8, List.of(1, 3, 13, 9)));
        TensorSpec convolved = net.layer(
                Nets.node(
                                "QLinearConv",
                                quantised.name(),
                                scale,
                                zero,
                                net.bytes(true, 4, 3, 3, 3),
                                net.scalar(0.01f),
                                net.zeroPoint(true, 0),
                                net.scalar(0.1f),
                                zero)
                        .addAttribute(Nets.string("auto_pad", "SAME_LOWER"))
                        .addAttribute(Nets.ints("strides", 2, 1)),
                new TensorSpec("c", ElementType.UINT8, List.of(1, 4, 7, 9)));
        TensorSpec float32 =
                net.layer(Nets.node("DequantizeLinear", convolved.name(), net.scalar(0.1f), zero), 1, 4, 7, 9);
        net.layer(
                Nets.node("QuantizeLinear", float32.name(), net.scalar(0.2f), zero),
                new TensorSpec("y", ElementType.UINT8, List.of(1, 4, 7, 9)));
        ModelGraph graph = net.graph();
        Path whole = Files.write(directory.resolve("whole.onnx"), net.open().toByteArray());
        Map<String, TensorBuffer> inputs = Map.of("x", Runs.random(x, new Random(4)));
        TensorBuffer expected = Runs.get(Runs.run(whole, Runs.settings(true), inputs), "y");

        for (ShardRegions shard : Divisibility.divide(graph, graph.whole(), List.of(1.0, 2.0, 1.0))) {
            SegmentModel model = SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard);
            Map<String, TensorBuffer> part = Runs.cut(graph.inputs(), inputs, shard.inputs());
            TensorBuffer actual =
                    Runs.get(Runs.run(model.writeTo(directory, "part.onnx"), Runs.settings(true), part), "y");
            TensorBuffer wanted = Runs.cut(graph.tensor("y"), expected, Runs.get(shard.outputs(), "y"));
            assertThat(actual.buffer()).isEqualTo(wanted.buffer());
        }
    }

    private static Nets relu() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 8, 4);
        net.layer(Nets.node("Relu", "x"), 1, 2, 8, 4);
        return net;
    }
}
