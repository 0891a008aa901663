package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CostModelTest {

    private static final double SECONDS_PER_CALL = 0.0002;

    private final ModelGraph graph = GraphFixtures.chain(new Random(1), 5, 16);
    private final LayerTimes times = GraphFixtures.times(new Random(2), graph);
    private final Topology topology = GraphFixtures.topology(
            List.of(GraphFixtures.node("a", 1, 1e9), GraphFixtures.node("b", 1, 1e9)), 1e6, 0.001);
    private final CostModel cost = new CostModel(
            graph, times, GraphFixtures.REFERENCE_RATE, topology, new RuntimeCosts(SECONDS_PER_CALL, 0.0001, 1000, 3));

    @Test
    void scalesTimesInverselyWithTheRate() {
        CoreGroup twice = GraphFixtures.group("a", "cpu", 2 * GraphFixtures.REFERENCE_RATE);

        assertThat(cost.computeSeconds(twice, new Segment(1, 3)))
                .isCloseTo(
                        SECONDS_PER_CALL
                                + (times.seconds().get(1) + times.seconds().get(2)) / 2,
                        within(1e-12));
    }

    @Test
    void countsComputedRowsOnly() {
        CoreGroup group = GraphFixtures.group("a", "cpu", GraphFixtures.REFERENCE_RATE);
        Segment segment = new Segment(0, 3);
        Interval wanted = new Interval(1, 1 + graph.tensor("t2").rows() / 4);
        Map<String, Interval> rows = ReceptiveField.rows(graph, segment, Map.of("t2", wanted));

        assertThat(cost.computeSeconds(group, segment, Map.of("t2", Region.rows(wanted))))
                .isCloseTo(
                        SECONDS_PER_CALL
                                + IntStream.range(0, 3)
                                        .mapToDouble(layer -> share(rows, "t" + layer)
                                                * times.seconds().get(layer))
                                        .sum(),
                        within(1e-12))
                .isLessThan(cost.computeSeconds(group, segment));
    }

    private double share(Map<String, Interval> rows, String tensor) {
        return (double) Objects.requireNonNull(rows.get(tensor)).length()
                / graph.tensor(tensor).rows();
    }

    @Test
    void chargesBytesFramesAndLatencyBetweenNodesOnly() {
        assertThat(cost.transferSeconds("a", "b", 2500)).isCloseTo(0.001 + 0.0025 + 3 * 0.0001, within(1e-12));
        assertThat(cost.linkSeconds("a", "b", 2500)).isCloseTo(0.0025 + 3 * 0.0001, within(1e-12));
        assertThat(cost.transferSeconds("a", "a", 2500)).isZero();
        assertThat(cost.transferSeconds("a", "nowhere", 1)).isInfinite();
    }

    @Test
    void addsWeightsBuffersAndTwiceTheLargestActivationsOfALayer() {
        long read = graph.tensor("t0").bytes();
        long inner = graph.tensor("t1").bytes();
        long written = graph.tensor("t2").bytes();

        assertThat(cost.memoryBytes(new Segment(1, 3)))
                .isEqualTo(graph.weightBytes(new Segment(1, 3))
                        + 2 * Math.max(read + inner, inner + written)
                        + 3 * (read + written));
    }

    @Test
    void countsWhatAConvolutionReadsAndWritesBesideItsBuffers() {
        long activations = graph.tensor("t0").bytes() + graph.tensor("t1").bytes();

        assertThat(cost.memoryBytes(new Segment(1, 2)))
                .isEqualTo(graph.weightBytes(new Segment(1, 2)) + (2 + 3) * activations);
    }

    @Test
    void countsWhatOtherLayersReadAndWriteAsBuffersOnly() {
        ModelGraph branchy = GraphFixtures.branchy(new Random(3), 9, 16);
        CostModel model = GraphFixtures.cost(new Random(3), branchy, topology);
        Layer sum = branchy.layers().stream()
                .filter(layer -> layer.operator().equals("Add"))
                .findFirst()
                .orElseThrow();
        Segment alone = new Segment(sum.index(), sum.index() + 1);

        assertThat(model.memoryBytes(alone))
                .isEqualTo(branchy.weightBytes(alone)
                        + 2 * (bytes(branchy.inputs(alone)) + bytes(branchy.outputs(alone))));
    }

    @Test
    void countsWhatIsMovedAsBuffersOnly() {
        Window half = new Window(2, 2, 1, 0, 0);
        long activations = 2 * (8 + 4) * 4;

        assertThat(memoryOfOne("Slice", new Window(1, 1, 1, -4, 0), 0)).isEqualTo(2 * activations);
        assertThat(memoryOfOne("SpaceToDepth", half, 0)).isEqualTo(2 * activations);
        assertThat(memoryOfOne("MaxPool", half, 0)).isEqualTo((2 + 2) * activations);
        assertThat(memoryOfOne("Conv", half, 1)).isEqualTo((2 + 2) * activations);
    }

    /** Of a model of one layer without weights, of 8 rows of 2 columns that become 4. */
    private long memoryOfOne(String operator, Window rows, long multiplyAdds) {
        TensorSpec read = new TensorSpec("in", ElementType.FLOAT, List.of(1, 1, 8, 2));
        TensorSpec written = new TensorSpec("out", ElementType.FLOAT, List.of(1, 1, 4, 2));
        Layer layer = new Layer(0, "l0", operator, List.of("in"), List.of("out"), multiplyAdds, 0, rows);
        ModelGraph one = new ModelGraph(
                "one", "digest", List.of(read), List.of(written), List.of(layer), Map.of("in", read, "out", written));
        return GraphFixtures.cost(new Random(1), one, topology).memoryBytes(one.whole());
    }

    @Test
    void agreesWithAPlainCountOfLiveTensors() {
        for (int seed = 0; seed < 50; seed++) {
            ModelGraph branchy = GraphFixtures.branchy(new Random(seed), 9, 16);
            CostModel model = GraphFixtures.cost(new Random(seed), branchy, topology);
            for (int from = 0; from < branchy.layers().size(); from++) {
                long[] swept = model.memoryBytesFrom(from);
                for (int to = from + 1; to <= branchy.layers().size(); to++) {
                    Segment segment = new Segment(from, to);
                    long expected = plainMemory(branchy, segment);

                    assertThat(model.memoryBytes(segment)).as("seed %d", seed).isEqualTo(expected);
                    assertThat(swept[to - from - 1]).as("seed %d", seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aRowShareHoldsLessThanTheWholeAndAllSharesMore() {
        Segment segment = new Segment(0, 2);
        List<ShardRegions> regions = Divisibility.divide(graph, segment, List.of(1.0, 1.0));
        CoreGroupId place = new CoreGroupId("a", "cpu");
        long whole = cost.memoryBytes(segment) - graph.weightBytes(segment);

        long sum = 0;
        for (ShardRegions region : regions) {
            long part = cost.memoryBytes(segment, new Shard(place, region.inputs(), region.outputs()))
                    - graph.weightBytes(segment);
            assertThat(part).isLessThan(whole);
            sum += part;
        }
        assertThat(sum).isGreaterThan(whole);
    }

    @Test
    void rejectsTimesOfAnotherModel() {
        LayerTimes other = new LayerTimes("other", times.seconds());
        LayerTimes shorter = new LayerTimes(graph.digest(), times.seconds().subList(1, 5));

        for (LayerTimes wrong : List.of(other, shorter)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CostModel(graph, wrong, 1e9, topology, RuntimeCosts.NONE))
                    .withMessageContaining(wrong.seconds().size() + " layers")
                    .withMessageContaining("Maybe profile the model again");
        }
    }

    @Test
    void rejectsRatesAndRuntimeCostsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CostModel(graph, times, 0, topology, RuntimeCosts.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> new RuntimeCosts(-1, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RuntimeCosts(0, Double.NaN, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RuntimeCosts(0, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RuntimeCosts(0, 0, 1, 0));
    }

    /** Window 2 of {@link GraphFixtures#cost}. */
    private static long plainMemory(ModelGraph graph, Segment segment) {
        List<TensorSpec> outputs = graph.outputs(segment);
        long buffers = bytes(graph.inputs(segment)) + bytes(outputs);
        boolean hasConvolution = graph.layers(segment).stream()
                .anyMatch(layer -> layer.operator().equals("Conv"));
        long peak = IntStream.range(segment.from(), segment.to())
                .mapToLong(layer -> graph.tensors().values().stream()
                        .filter(tensor -> hasConvolution
                                || (segment.contains(graph.producer(tensor.name())) && !outputs.contains(tensor)))
                        .filter(tensor -> uses(graph, segment, tensor).anyMatch(use -> use <= layer)
                                && uses(graph, segment, tensor).anyMatch(use -> use >= layer))
                        .mapToLong(TensorSpec::bytes)
                        .sum())
                .max()
                .orElseThrow();
        return graph.weightBytes(segment) + 2 * peak + 2 * buffers;
    }

    /** The layers of the segment that write or read a tensor. */
    private static IntStream uses(ModelGraph graph, Segment segment, TensorSpec tensor) {
        return graph.layers(segment).stream()
                .filter(layer -> layer.inputs().contains(tensor.name())
                        || layer.outputs().contains(tensor.name()))
                .mapToInt(Layer::index);
    }

    private static long bytes(List<TensorSpec> tensors) {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }
}
