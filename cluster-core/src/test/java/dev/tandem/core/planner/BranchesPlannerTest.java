package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BranchesPlannerTest {

    private static final long PLENTY = 1L << 40;
    private static final double SECOND = 1.0;

    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, TensorSpec> tensors = new HashMap<>();

    @Test
    void computesBranchesSideBySide() {
        ModelGraph graph = block();
        PlanRequest request = request(graph, 2);

        Plan plan = ((PlanResult.Planned) new DefaultPlanner().plan(request)).plan();

        assertThat(PlanCheck.problems(plan, graph, request.topology())).isEmpty();
        List<Stage> stages = plan.lanes().get(0).stages();
        assertThat(stages)
                .extracting(Stage::segment)
                .containsExactly(
                        new Segment(0, 1), new Segment(1, 2), new Segment(2, 4), new Segment(4, 5), new Segment(5, 7));
        // The longest branch, of two layers, is on one node, the other two are on the other.
        assertThat(stages)
                .extracting(stage -> stage.shards().get(0).place().node())
                .containsExactly("a", "b", "a", "b", "a");
        assertThat(plan.predicted().latencySeconds()).isBetween(5 * SECOND, 5.01 * SECOND);
    }

    @Test
    void refusesModelsWithoutBranches() {
        ModelGraph chain = GraphFixtures.chain(new Random(1), 5, 32);

        assertThat(((PlanResult.Refused) new DefaultPlanner().plan(request(chain, 2))).reason())
                .contains("model fixture has no block of parallel branches");
    }

    @Test
    void takesLayersThatReadEachOtherForOneBranch() {
        assertThat(Branches.of(block()))
                .containsExactly(List.of(new Segment(1, 2), new Segment(2, 4), new Segment(4, 5)));
    }

    private static PlanRequest request(ModelGraph graph, int shards) {
        Topology topology = GraphFixtures.topology(
                List.of(
                        GraphFixtures.node("a", PLENTY, GraphFixtures.REFERENCE_RATE),
                        GraphFixtures.node("b", PLENTY, GraphFixtures.REFERENCE_RATE)),
                1e9,
                1e-4);
        LayerTimes times = new LayerTimes(
                graph.digest(), graph.layers().stream().map(layer -> SECOND).toList());
        CostModel cost = new CostModel(graph, times, GraphFixtures.REFERENCE_RATE, topology, RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, Scheme.BRANCHES, 2, shards, "a");
    }

    /** A layer, a block of three branches of one, two and one layers, and another. */
    private ModelGraph block() {
        layers.clear();
        tensors.put("in", map("in"));
        add("stem", "in");
        add("left", "stem");
        add("middle", "stem");
        add("deeper", "middle");
        add("right", "stem");
        add("join", "left", "deeper", "right");
        add("head", "join");
        return new ModelGraph("net", "digest", List.of(map("in")), List.of(map("head")), layers, tensors);
    }

    private void add(String name, String... inputs) {
        tensors.put(name, map(name));
        layers.add(new Layer(layers.size(), name, "Conv", List.of(inputs), List.of(name), 1000, 10, new Pointwise()));
    }

    private static TensorSpec map(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 4, 8, 8));
    }
}
