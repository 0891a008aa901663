package dev.tandem.core.planner;

import static dev.tandem.core.planner.DividedCases.PLENTY;
import static dev.tandem.core.planner.DividedCases.channels;
import static dev.tandem.core.planner.DividedCases.map;
import static dev.tandem.core.planner.DividedCases.network;
import static dev.tandem.core.planner.DividedCases.planned;
import static dev.tandem.core.planner.DividedCases.request;
import static dev.tandem.core.planner.DividedCases.topology;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.RegionSweep;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Stages divided along channels where maps are joined, cropped, padded or convolved in groups. */
class DividedStagesTest {

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

    /** How much of the first layer all shards compute together. */
    private static double work(ModelGraph graph, List<Stage> stages) {
        Stage first = stages.get(0);
        return first.shards().stream()
                .mapToDouble(shard -> RegionSweep.over(graph, first.segment(), shard.outputs())
                        .share())
                .sum();
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

    private static TensorSpec half(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 4, 16, 16));
    }

    private static TensorSpec wide(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 16, 16, 16));
    }

    private static Layer rows(int index, List<String> read, String written, AxisGeometry rows) {
        return new Layer(index, "l" + index, "Any", read, List.of(written), 1000, 0, rows);
    }

    private static Layer along(int index, List<String> read, String written, long work, AxisGeometry channels) {
        return new Layer(
                index, "l" + index, "Any", read, List.of(written), work, 1000 * work, Map.of(Axis.CHANNELS, channels));
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
}
