package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import dev.tandem.core.topology.Topology;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DividedPlannerTest {

    private static final long PLENTY = 1L << 40;

    @Test
    void dealsTilesOutInTheOrderOfReading() {
        Plan plan = planned(Scheme.GRID, network(1), 4, PLENTY);

        Stage stage = plan.lanes().get(0).stages().get(0);
        assertThat(stage.segment()).isEqualTo(new Segment(0, 3));
        // Nodes of 1, 2, 3 and 4: rows by 1 + 2 to 3 + 4, columns by 1 + 3 to 2 + 4.
        assertThat(stage.shards())
                .extracting(shard -> shard.outputs().get("t3"))
                .containsExactly(tile(0, 5, 0, 6), tile(0, 5, 6, 16), tile(5, 16, 0, 6), tile(5, 16, 6, 16));
        assertThat(stage.shards().get(0).inputs()).containsEntry("t0", tile(0, 7, 0, 8));
        assertThat(plan.lanes().get(0).stages()).hasSize(2);
        assertThat(plan.lanes().get(0).stages().get(1).shards()).hasSize(1);
    }

    @Test
    void endsAStageInFrontOfWhatReadsBeyondWhereHalosAreExchanged() {
        PlanRequest request = request(Scheme.ROWS, network(1), topology(PLENTY), 2);

        List<Stage> fused = stages(request.with(Halo.RECOMPUTE));
        List<Stage> exchanged = stages(request.with(Halo.EXCHANGE));

        assertThat(fused).extracting(Stage::segment).containsExactly(new Segment(0, 3), new Segment(3, 4));
        assertThat(fused.get(0).shards().get(0).inputs()).containsEntry("t0", Region.rows(0, 9));
        assertThat(exchanged)
                .extracting(Stage::segment)
                .containsExactly(new Segment(0, 2), new Segment(2, 3), new Segment(3, 4));
        assertThat(exchanged.get(0).shards().get(0).inputs()).containsEntry("t0", Region.rows(0, 8));
        assertThat(exchanged.get(1).shards().get(0).inputs()).containsEntry("t2", Region.rows(0, 8));
        assertThat(exchanged.get(0).shards().get(0).outputs()).containsEntry("t2", Region.rows(0, 7));
    }

    @Test
    void computesWhatNeedsNothingOfNeighboursWhileHalosAreUnderWay() {
        PlanRequest request =
                request(Scheme.ROWS, network(1), topology(PLENTY), 2).with(Halo.OVERLAP);

        List<Stage> stages = stages(request);

        assertThat(stages)
                .extracting(Stage::segment)
                .containsExactly(new Segment(0, 2), new Segment(2, 3), new Segment(3, 4));
        assertThat(stages.get(0).shards()).hasSize(2);
        // The first has rows 0 to 7 and reads one of the second's for the last of its own.
        List<Shard> divided = stages.get(1).shards();
        assertThat(divided)
                .extracting(shard -> shard.outputs().get("t3"))
                .containsExactly(Region.rows(0, 6), Region.rows(6, 7), Region.rows(8, 16), Region.rows(7, 8));
        assertThat(divided)
                .extracting(shard -> shard.inputs().get("t2"))
                .containsExactly(Region.rows(0, 7), Region.rows(5, 8), Region.rows(7, 16), Region.rows(6, 9));
        assertThat(divided.get(0).place()).isEqualTo(divided.get(1).place());
    }

    @Test
    void computesHalosWhereTheModelMustNotBeCutForThem() {
        AxisGeometry window = new Window(3, 1, 1, 1, 1);
        List<Layer> layers = List.of(
                layer(0, "DequantizeLinear", 0, new Pointwise(), new Pointwise()),
                layer(1, "Conv", 100, window, new Dense()),
                layer(2, "Conv", 100, window, new Dense()),
                layer(3, "QuantizeLinear", 0, new Pointwise(), new Pointwise()));
        List<TensorSpec> tensors = List.of(
                new TensorSpec("t0", ElementType.INT8, List.of(1, 8, 16, 16)),
                map("t1", 1, 16),
                map("t2", 1, 16),
                map("t3", 1, 16),
                new TensorSpec("t4", ElementType.INT8, List.of(1, 8, 16, 16)));
        PlanRequest request = request(Scheme.ROWS, graph(layers, tensors), topology(PLENTY), 2);

        List<Stage> stages = stages(request.with(Halo.EXCHANGE));

        assertThat(stages).extracting(Stage::segment).containsExactly(new Segment(0, 4));
        assertThat(stages.get(0).shards()).hasSize(2);
    }

    @Test
    void refusesHalosOfSchemesThatHaveNone() {
        PlanRequest request =
                request(Scheme.CHANNELS, network(1), topology(PLENTY), 2).with(Halo.EXCHANGE);

        assertThat(((PlanResult.Refused) new DefaultPlanner().plan(request)).reason())
                .contains(
                        "halo exchange is of schemes that divide maps in space, rows and grid, but the scheme is channels");
        PlanRequest grid = request(Scheme.GRID, network(1), topology(PLENTY), 4).with(Halo.OVERLAP);
        assertThat(((PlanResult.Refused) new DefaultPlanner().plan(grid)).reason())
                .contains("halo overlap is of scheme rows, but the scheme is grid");
    }

    private static List<Stage> stages(PlanRequest request) {
        return ((PlanResult.Planned) new DefaultPlanner().plan(request))
                .plan()
                .lanes()
                .get(0)
                .stages();
    }

    @Test
    void endsAStageInFrontOfTheSecondLayerThatReadsAllChannels() {
        Plan plan = planned(Scheme.CHANNELS, network(1), 2, PLENTY);

        assertThat(plan.lanes().get(0).stages())
                .extracting(Stage::segment)
                .containsExactly(new Segment(0, 2), new Segment(2, 4));
        Shard first = plan.lanes().get(0).stages().get(0).shards().get(0);
        assertThat(first.inputs()).containsEntry("t0", channels(0, 8));
        assertThat(first.outputs()).containsEntry("t2", channels(0, 3));
        Shard second = plan.lanes().get(0).stages().get(1).shards().get(1);
        assertThat(second.inputs()).containsEntry("t2", channels(0, 8));
        assertThat(second.outputs()).containsEntry("t4", channels(3, 8));
    }

    @Test
    void goesOnThroughWhatJoinsChannelsOrEndsInFrontOfIt() {
        ModelGraph graph = joined(new Dense());

        List<Stage> through = channelStages(graph, true);
        List<Stage> inFront = channelStages(graph, false);

        // Two convolutions side by side read all channels, but none of each other's.
        assertThat(through).extracting(Stage::segment).containsExactly(new Segment(0, 3), new Segment(3, 4));
        assertThat(through.get(0).shards().get(1).outputs()).containsEntry("t3", channels(7, 16));
        assertThat(inFront).extracting(Stage::segment).containsExactly(new Segment(0, 2), new Segment(2, 4));
        assertThat(inFront.get(0).shards().get(1).outputs())
                .containsOnly(Map.entry("t1", channels(3, 8)), Map.entry("t2", channels(3, 8)));
    }

    @Test
    void goesOnThroughWhatLeavesChannelsOutOrEndsInFrontOfIt() {
        for (boolean padded : List.of(false, true)) {
            ModelGraph graph = halved(padded);

            List<Stage> through = channelStages(graph, true);
            List<Stage> inFront = channelStages(graph, false);

            // Channels 0 to 1 and 4 to 5 for the first two of four sums.
            assertThat(through).extracting(Stage::segment).containsExactly(new Segment(0, 4));
            assertThat(inFront).extracting(Stage::segment).containsExactly(new Segment(0, 1), new Segment(1, 4));
            assertThat(work(graph, through)).isGreaterThan(1.3);
            assertThat(work(graph, inFront)).isEqualTo(1);
        }
    }

    /** How much of the first layer all shards compute together. */
    private static double work(ModelGraph graph, List<Stage> stages) {
        Stage first = stages.get(0);
        return first.shards().stream()
                .mapToDouble(shard -> RegionSweep.over(graph, first.segment(), shard.outputs())
                        .share())
                .sum();
    }

    @Test
    void goesOnThroughWindowsWhoseLastDoNotReachTheEnd() {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List.of(map("t0", 1, 16), map("t1", 1, 16), map("t2", 1, 8))
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        List<Layer> layers = List.of(
                rows(0, List.of("t0"), "t1", new Window(3, 1, 1, 1, 1)),
                rows(1, List.of("t1"), "t2", new Window(1, 2, 1, 0, -1)));

        List<Stage> stages = new DividedStages(
                        graph(tensors, layers, "t2"),
                        topology(PLENTY).coreGroups().subList(2, 4),
                        Division.along(Axis.ROWS, List.of(1.0, 1.0)),
                        Halo.RECOMPUTE,
                        false)
                .all();

        assertThat(stages).hasSize(1);
    }

    private static Layer rows(int index, List<String> read, String written, AxisGeometry rows) {
        return new Layer(index, "l" + index, "Any", read, List.of(written), 1000, 0, rows);
    }

    /** A convolution, its first half of channels, its second, and their sum. */
    private static ModelGraph halved(boolean padded) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List.of(map("t0", 1, 16), map("t1", 1, 16), half("t2"), half("t3"), half("t4"))
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        List<Layer> layers = List.of(
                along(0, List.of("t0"), "t1", 1000, new Dense()),
                along(1, List.of("t1"), "t2", 0, padded ? new Padding(0, -4) : new Window(1, 1, 1, 0, -4)),
                along(2, List.of("t1"), "t3", 0, padded ? new Padding(-4, 0) : new Window(1, 1, 1, -4, 0)),
                along(3, List.of("t2", "t3"), "t4", 1000, new Pointwise()));
        return graph(tensors, layers, "t4");
    }

    private static TensorSpec half(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 4, 16, 16));
    }

    @Test
    void takesOfThoseWhatIsPredictedBetter() {
        for (ModelGraph graph : List.of(joined(new Dense()), joined(new Pointwise()), halved(false))) {
            PlanRequest request = request(Scheme.CHANNELS, graph, topology(PLENTY), 2);
            double best = Stream.of(true, false)
                    .map(throughShifts -> Draft.plan(request, "any", channelStages(request.graph(), throughShifts)))
                    .mapToDouble(plan -> plan.predicted().latencySeconds())
                    .min()
                    .orElseThrow();

            Plan plan = planned(Scheme.CHANNELS, graph, 2, PLENTY);

            assertThat(plan.predicted().latencySeconds()).isEqualTo(best);
        }
    }

    @Test
    void asksForNothingOfWhatOthersJoin() {
        ModelGraph graph = joined(new Pointwise());
        PlanRequest request = request(Scheme.CHANNELS, graph, topology(PLENTY), 2);

        Plan plan = Draft.plan(request, "any", channelStages(graph, false));

        Stage last = plan.lanes().get(0).stages().get(1);
        assertThat(last.segment()).isEqualTo(new Segment(2, 4));
        assertThat(last.shards().get(0).inputs()).containsOnly(Map.entry("t1", channels(0, 7)));
        assertThat(last.shards().get(1).inputs())
                .containsOnly(Map.entry("t1", channels(7, 8)), Map.entry("t2", channels(0, 8)));
        assertThat(PlanCheck.problems(plan, graph, request.topology())).isEmpty();
    }

    @Test
    void endsAStageInFrontOfFewerGroupsThanShards() {
        for (int shards = 2; shards <= 3; shards++) {
            ModelGraph graph = grouped(2);
            List<Double> shares = Collections.nCopies(shards, 1.0);
            List<Stage> stages = new DividedStages(
                            graph,
                            topology(PLENTY).coreGroups().subList(0, shards),
                            Division.along(Axis.CHANNELS, shares),
                            Halo.RECOMPUTE,
                            true)
                    .all();

            assertThat(stages).hasSize(shards == 2 ? 1 : 2);
        }
    }

    private static List<Stage> channelStages(ModelGraph graph, boolean throughShifts) {
        return new DividedStages(
                        graph,
                        topology(PLENTY).coreGroups().subList(2, 4),
                        Division.along(Axis.CHANNELS, List.of(3.0, 4.0)),
                        Halo.RECOMPUTE,
                        throughShifts)
                .all();
    }

    /** Two convolutions of one map, joined, and a layer over both. */
    private static ModelGraph joined(AxisGeometry last) {
        Join join = new Join(List.of(new Piece(0, new Interval(0, 8)), new Piece(1, new Interval(8, 16))));
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List.of(map("t0", 1, 16), map("t1", 1, 16), map("t2", 1, 16), wide("t3"), wide("t4"))
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        List<Layer> layers = List.of(
                along(0, List.of("t0"), "t1", 1000, new Dense()),
                along(1, List.of("t0"), "t2", 1000, new Dense()),
                along(2, List.of("t1", "t2"), "t3", 0, join),
                along(3, List.of("t3"), "t4", 1000, last));
        return graph(tensors, layers, "t4");
    }

    /** A convolution and one of groups. */
    private static ModelGraph grouped(int count) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List.of(map("t0", 1, 16), map("t1", 1, 16), map("t2", 1, 16))
                .forEach(tensor -> tensors.put(tensor.name(), tensor));
        List<Layer> layers = List.of(
                along(0, List.of("t0"), "t1", 1000, new Dense()),
                along(1, List.of("t1"), "t2", 1000, new Groups(count, 8 / count, 8 / count)));
        return graph(tensors, layers, "t2");
    }

    private static ModelGraph graph(Map<String, TensorSpec> tensors, List<Layer> layers, String output) {
        return new ModelGraph(
                "net",
                "digest",
                List.of(Objects.requireNonNull(tensors.get("t0"))),
                List.of(Objects.requireNonNull(tensors.get(output))),
                layers,
                tensors);
    }

    private static TensorSpec wide(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 16, 16, 16));
    }

    private static Layer along(int index, List<String> read, String written, long work, AxisGeometry channels) {
        return new Layer(
                index, "l" + index, "Any", read, List.of(written), work, 1000 * work, Map.of(Axis.CHANNELS, channels));
    }

    @Test
    void countsOfWeightsThoseOfTheChannelsOfAShard() {
        ModelGraph graph = network(1);
        Plan whole = planned(Scheme.SINGLE, graph, 1, PLENTY);
        Plan plan = planned(Scheme.CHANNELS, graph, 2, PLENTY);

        long most = plan.predicted().shards().stream()
                .mapToLong(shard -> shard.memoryBytes())
                .max()
                .orElseThrow();
        assertThat(most).isLessThan(whole.predicted().shards().get(0).memoryBytes());
    }

    @Test
    void needsNoMoreMemoryToRunThanIsPredicted() {
        for (ModelGraph graph : List.of(network(1), joined(new Dense()), joined(new Pointwise()), grouped(4))) {
            Plan plan = planned(Scheme.CHANNELS, graph, 2, PLENTY);
            Plan unpredicted = new Plan(
                    plan.model(), plan.modelDigest(), plan.scheme(), plan.lanes(), new PlanScore(0, 0, List.of(), ""));

            assertThat(PlanCheck.problems(unpredicted, graph, GraphFixtures.withMemoryOf(topology(PLENTY), plan, 1)))
                    .isEmpty();
            assertThat(PlanCheck.problems(unpredicted, graph, GraphFixtures.withMemoryOf(topology(PLENTY), plan, 0.4)))
                    .isNotEmpty()
                    .allMatch(problem -> problem.contains("bytes are missing"));
        }
    }

    @Test
    void dividesABatchWholly() {
        Plan plan = planned(Scheme.BATCH, network(6), 3, PLENTY);

        assertThat(plan.lanes().get(0).stages()).hasSize(1);
        assertThat(plan.lanes().get(0).stages().get(0).shards())
                .extracting(shard -> shard.outputs().get("t4"))
                .containsExactly(images(0, 1), images(1, 3), images(3, 6));
    }

    @Test
    void saysWhyNothingCanBeDivided() {
        assertThat(refusal(Scheme.BATCH, network(1), 2))
                .contains("no stage of model net can be divided by batch into 2 shards", "has 1 along the batch");
        assertThat(refusal(Scheme.GRID, network(1), 5)).contains("5 shards need as many core groups, but there are 4");
    }

    @Test
    void saysHowMuchMemoryIsMissing() {
        Topology tight = topology(1000);
        PlanRequest request = request(Scheme.CHANNELS, network(1), tight, 2);

        assertThat(((PlanResult.Refused) new DividedPlanner(DividedPlanner.Way.CHANNELS).plan(request)).reason())
                .contains("fewer than 2 core groups of 2 nodes have the memory", "are missing");
    }

    private static Region tile(int top, int bottom, int left, int right) {
        return new Region(Map.of(Axis.ROWS, new Interval(top, bottom), Axis.COLUMNS, new Interval(left, right)));
    }

    private static Region channels(int from, int to) {
        return new Region(Map.of(Axis.CHANNELS, new Interval(from, to)));
    }

    private static Region images(int from, int to) {
        return new Region(Map.of(Axis.BATCH, new Interval(from, to)));
    }

    private static Plan planned(Scheme scheme, ModelGraph graph, int shards, long memoryBytes) {
        PlanRequest request = request(scheme, graph, topology(memoryBytes), shards);
        Plan plan = ((PlanResult.Planned) new DefaultPlanner().plan(request)).plan();
        assertThat(PlanCheck.problems(plan, graph, request.topology())).isEmpty();
        return plan;
    }

    private static String refusal(Scheme scheme, ModelGraph graph, int shards) {
        PlanRequest request = request(scheme, graph, topology(PLENTY), shards);
        return ((PlanResult.Refused) new DefaultPlanner().plan(request)).reason();
    }

    private static PlanRequest request(Scheme scheme, ModelGraph graph, Topology topology, int shards) {
        CostModel cost = GraphFixtures.cost(new Random(1), graph, topology);
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, scheme, shards, shards, "n1");
    }

    private static Topology topology(long memoryBytes) {
        return GraphFixtures.topology(
                IntStream.rangeClosed(1, 4)
                        .mapToObj(rate -> GraphFixtures.node("n" + rate, memoryBytes, rate * 1e9))
                        .toList(),
                1e9,
                1e-4);
    }

    /** A convolution and its activation, another one, and a mean of every channel. */
    private static ModelGraph network(int batch) {
        AxisGeometry window = new Window(3, 1, 1, 1, 1);
        AxisGeometry mean = new Whole("averages over all");
        List<Layer> layers = List.of(
                layer(0, "Conv", 1000, window, new Dense()),
                layer(1, "Relu", 0, new Pointwise(), new Pointwise()),
                layer(2, "Conv", 1000, window, new Dense()),
                layer(3, "GlobalAveragePool", 0, mean, new Pointwise()));
        List<TensorSpec> tensors = List.of(
                map("t0", batch, 16),
                map("t1", batch, 16),
                map("t2", batch, 16),
                map("t3", batch, 16),
                map("t4", batch, 1));
        return graph(layers, tensors);
    }

    private static ModelGraph graph(List<Layer> layers, List<TensorSpec> tensors) {
        return new ModelGraph(
                "net",
                "digest",
                List.of(tensors.get(0)),
                List.of(tensors.get(4)),
                layers,
                tensors.stream().collect(Collectors.toMap(TensorSpec::name, tensor -> tensor)));
    }

    private static TensorSpec map(String name, int batch, int extent) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(batch, 8, extent, extent));
    }

    private static Layer layer(
            int index, String operator, long weightBytes, AxisGeometry spatial, AxisGeometry channels) {
        return new Layer(
                index,
                "l" + index,
                operator,
                List.of("t" + index),
                List.of("t" + (index + 1)),
                1000,
                weightBytes * 1000,
                Map.of(
                        Axis.BATCH,
                        new Pointwise(),
                        Axis.CHANNELS,
                        channels,
                        Axis.ROWS,
                        spatial,
                        Axis.COLUMNS,
                        spatial));
    }
}
