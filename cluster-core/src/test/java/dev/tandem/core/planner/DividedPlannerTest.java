package dev.tandem.core.planner;

import static dev.tandem.core.planner.DividedCases.PLENTY;
import static dev.tandem.core.planner.DividedCases.channels;
import static dev.tandem.core.planner.DividedCases.graph;
import static dev.tandem.core.planner.DividedCases.layer;
import static dev.tandem.core.planner.DividedCases.map;
import static dev.tandem.core.planner.DividedCases.network;
import static dev.tandem.core.planner.DividedCases.planned;
import static dev.tandem.core.planner.DividedCases.request;
import static dev.tandem.core.planner.DividedCases.topology;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DividedPlannerTest {

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

    private static Region images(int from, int to) {
        return new Region(Map.of(Axis.BATCH, new Interval(from, to)));
    }

    private static String refusal(Scheme scheme, ModelGraph graph, int shards) {
        PlanRequest request = request(scheme, graph, topology(PLENTY), shards);
        return ((PlanResult.Refused) new DefaultPlanner().plan(request)).reason();
    }
}
