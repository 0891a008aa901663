package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.graph.NodeAttributes;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards along channels of convolutions with groups, and of what is joined; random networks are in {@link RegionRewriterTest}. */
class GroupsAndJoinsTest {

    private final Path directory;

    GroupsAndJoinsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void quantisedGroupsOfChannelsAreBitEqual() throws IOException {
        Nets net = new Nets(5, 17);
        TensorSpec x = net.input("x", 1, 6, 7, 5);
        String scale = net.scalar(0.05f);
        String zero = net.zeroPoint(false, 128);
        TensorSpec q = net.layer(Nets.node("QuantizeLinear", x.name(), scale, zero), uint8("q", 6, 7, 5));
        String filters = net.bytes(true, 12, 2, 3, 3);
        TensorSpec c = net.layer(
                Nets.node(
                                "QLinearConv",
                                q.name(),
                                scale,
                                zero,
                                filters,
                                net.positive(12),
                                net.bytes(true, 12),
                                net.scalar(1.5f),
                                zero)
                        .addAttribute(Nets.integer("group", 3)),
                uint8("c", 12, 5, 3));
        TensorSpec both = net.layer(
                Nets.node("Concat", q.name(), q.name()).addAttribute(Nets.integer("axis", 1)), uint8("both", 12, 7, 5));
        net.layer(
                Nets.node("ConvInteger", both.name(), filters, zero).addAttribute(Nets.integer("group", 6)),
                new TensorSpec("i", ElementType.INT32, List.of(1, 12, 5, 3)));
        net.layer(
                Nets.node("Cast", "i").addAttribute(Nets.integer("to", 1)),
                new TensorSpec("y", ElementType.FLOAT, List.of(1, 12, 5, 3)));
        ModelGraph graph = net.graph();
        Path whole = Files.write(directory.resolve("whole.onnx"), net.open().toByteArray());
        Map<String, TensorBuffer> inputs = Map.of("x", Runs.random(x, new Random(4)));
        Map<String, TensorBuffer> expected = Runs.run(whole, Runs.settings(true), inputs);

        for (int parts = 2; parts <= 5; parts++) {
            Division division = Division.along(Axis.CHANNELS, Collections.nCopies(parts, 1.0));
            for (ShardRegions shard : Divisibility.divide(graph, graph.whole(), division)) {
                SegmentModel model = SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard);
                Map<String, TensorBuffer> part = Runs.cut(graph.inputs(), inputs, shard.inputs());
                Map<String, TensorBuffer> actual =
                        Runs.run(model.writeTo(directory, "part.onnx"), Runs.settings(true), part);
                for (String output : List.of(c.name(), "y")) {
                    TensorBuffer wanted = Runs.cut(
                            graph.tensor(output), Runs.get(expected, output), Runs.get(shard.outputs(), output));
                    assertThat(Runs.get(actual, output).buffer())
                            .as("%s of %s", output, model.proto())
                            .isEqualTo(wanted.buffer());
                }
            }
        }
    }

    private static TensorSpec uint8(String name, int channels, int rows, int columns) {
        return new TensorSpec(name, ElementType.UINT8, List.of(1, channels, rows, columns));
    }

    @Test
    void takesOfGroupsThoseThatAreTouched() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 6, 4, 4);
        net.layer(
                Nets.node("Conv", "x", net.weights(12, 2, 1, 1), net.weights(12))
                        .addAttribute(Nets.integer("group", 3)),
                1,
                12,
                4,
                4);

        // Of one group alone just the wanted filters; of two all, because both must have as many.
        assertThat(convolution(net, 5, 7)).isEqualTo("1 of [2, 2, 1, 1]");
        assertThat(convolution(net, 4, 12)).isEqualTo("2 of [8, 2, 1, 1]");
        assertThat(convolution(net, 3, 5)).isEqualTo("2 of [8, 2, 1, 1]");
    }

    /** Groups and filters that are left of a convolution where a shard has these channels. */
    private String convolution(Nets net, int from, int to) {
        Region channels = new Region(Map.of(Axis.CHANNELS, new Interval(from, to)));
        GraphProto graph = SegmentExtractor.extract(
                        net.skeleton(directory),
                        net.graph(),
                        net.graph().whole(),
                        new ShardRegions(Map.of(), Map.of("t0", channels)))
                .proto()
                .getGraph();
        NodeProto node = graph.getNodeList().stream()
                .filter(each -> each.getOpType().equals("Conv"))
                .findFirst()
                .orElseThrow();
        List<Long> filters = graph.getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(node.getInput(1)))
                .findFirst()
                .orElseThrow()
                .getDimsList();
        return new NodeAttributes(node).integer("group", 1) + " of " + filters;
    }

    @Test
    void leavesOutWhatOthersJoin() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 2, 4, 4);
        net.input("z", 1, 3, 4, 4);
        net.layer(Nets.node("Conv", "x", net.weights(1, 2, 1, 1)), 1, 1, 4, 4);
        net.layer(Nets.node("Sigmoid", "z"), 1, 3, 4, 4);
        net.layer(Nets.node("Concat", "t0", "t1", "t0").addAttribute(Nets.integer("axis", 1)), 1, 5, 4, 4);
        ModelGraph graph = net.graph();

        List<SegmentModel> models =
                Divisibility.divide(graph, graph.whole(), Division.along(Axis.CHANNELS, List.of(1.0, 2.0, 2.0)))
                        .stream()
                        .map(shard -> SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard))
                        .toList();

        assertThat(models.stream().map(GroupsAndJoinsTest::operators))
                .containsExactly(
                        List.of("Conv", "Concat"), List.of("Sigmoid", "Concat"), List.of("Conv", "Sigmoid", "Concat"));
        assertThat(models.get(0).inputs()).extracting(TensorSpec::name).containsExactly("x");
        assertThat(models.get(1).inputs()).containsExactly(Nets.map("z", 1, 2, 4, 4));
        assertThat(models.get(2).inputs()).containsExactly(Nets.map("x", 1, 2, 4, 4), Nets.map("z", 1, 1, 4, 4));
    }

    private static List<String> operators(SegmentModel model) {
        return model.proto().getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    @Test
    void cutsOutOfWhatIsSplitOnlyWhatIsRead() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 8, 4, 4);
        List<TensorSpec> pieces = net.layer(
                new OperatorForms(net).split("x", 1, 3, 5), List.of(new int[] {1, 3, 4, 4}, new int[] {1, 5, 4, 4}));
        net.layer(Nets.node("Sigmoid", pieces.get(1).name()), 1, 5, 4, 4);
        net.layer(Nets.node("Concat", "t1", pieces.get(0).name()).addAttribute(Nets.integer("axis", 1)), 1, 8, 4, 4);
        ModelGraph graph = net.graph();

        List<SegmentModel> models =
                Divisibility.divide(graph, graph.whole(), Division.along(Axis.CHANNELS, List.of(5.0, 1.0, 2.0)))
                        .stream()
                        .map(shard -> SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard))
                        .toList();

        assertThat(models.stream().map(GroupsAndJoinsTest::operators))
                .containsExactly(
                        List.of("Identity", "Sigmoid", "Concat"),
                        List.of("Identity", "Concat"),
                        List.of("Identity", "Concat"));
        assertThat(models.stream().map(SegmentModel::inputs))
                .containsExactly(
                        List.of(Nets.map("x", 1, 5, 4, 4)),
                        List.of(Nets.map("x", 1, 1, 4, 4)),
                        List.of(Nets.map("x", 1, 2, 4, 4)));
    }

    /** As of queries, keys and values: each shard reads some of each, and not what lies between. */
    @Test
    void cutsOutOfEachPartOfASplitOnlyWhatIsRead() {
        Nets net = new Nets(1, 17);
        net.input("x", 1, 12, 4, 4);
        List<TensorSpec> pieces = net.layer(
                new OperatorForms(net).split("x", 1, 4, 4, 4),
                List.of(new int[] {1, 4, 4, 4}, new int[] {1, 4, 4, 4}, new int[] {1, 4, 4, 4}));
        net.layer(Nets.node("Add", pieces.get(0).name(), pieces.get(2).name()), 1, 4, 4, 4);
        ModelGraph graph = net.graph();

        List<SegmentModel> models =
                Divisibility.divide(graph, graph.whole(), Division.along(Axis.CHANNELS, List.of(1.0, 1.0))).stream()
                        .map(shard -> SegmentExtractor.extract(net.skeleton(directory), graph, graph.whole(), shard))
                        .toList();

        assertThat(models.stream().map(GroupsAndJoinsTest::operators))
                .containsExactly(
                        List.of("Slice", "Identity", "Slice", "Identity", "Slice", "Identity", "Add"),
                        List.of("Slice", "Identity", "Slice", "Identity", "Slice", "Identity", "Add"));
        assertThat(models.stream().map(SegmentModel::inputs))
                .containsExactly(List.of(Nets.map("x", 1, 10, 4, 4)), List.of(Nets.map("x", 1, 10, 4, 4)));
    }
}
