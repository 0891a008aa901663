package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandbyLanesTest {

    private static final long PLENTY = 1L << 40;
    private static final int NODES = 3;

    private final ModelGraph graph = GraphFixtures.branchy(new Random(1), 12, 64);
    private final Plan pipeline = plan(request(NODES, PLENTY).with(Scheme.PIPELINE, NODES, 1));

    @Test
    void thereIsOneForTheLossOfEachNodeThatAllLanesNeed() {
        Plan covered = covered();

        assertThat(covered.working()).isEqualTo(pipeline.lanes());
        assertThat(StandbyLanes.uncovered(pipeline.lanes())).containsExactly("node-0", "node-1", "node-2");
        assertThat(StandbyLanes.uncovered(covered.lanes())).isEmpty();
        assertThat(PlanCheck.problems(covered, graph, request(NODES, PLENTY).topology()))
                .isEmpty();
    }

    @Test
    void theyHoldMemoryAndChangeNothingElseThatIsPredicted() {
        Plan covered = covered();

        assertThat(covered.predicted().latencySeconds())
                .isEqualTo(pipeline.predicted().latencySeconds());
        assertThat(covered.predicted().throughputPerSecond())
                .isEqualTo(pipeline.predicted().throughputPerSecond());
        assertThat(covered.predicted().bottleneck())
                .isEqualTo(pipeline.predicted().bottleneck());
        assertThat(memory(covered)).isGreaterThan(memory(pipeline));
        assertThat(covered.withoutStandby()).isEqualTo(pipeline);
        assertThat(request(NODES, PLENTY).scorer().links(covered.lanes()))
                .isEqualTo(request(NODES, PLENTY).scorer().links(pipeline.lanes()));
        assertThat(request(NODES, PLENTY).explainer().explain(covered).shards())
                .isEqualTo(request(NODES, PLENTY).explainer().explain(pipeline).shards());
    }

    @Test
    void whatIsThereStaysWhileItCoversAsMuch() {
        Plan covered = covered();
        List<Lane> left = covered.lanes().subList(0, covered.lanes().size() - 1);

        assertThat(better(covered, covered.lanes(), (larger, next) -> true)).isEmpty();
        assertThat(better(covered, pipeline.lanes(), (larger, next) -> true)).hasValue(covered);
        assertThat(better(covered, left, (larger, next) -> true))
                .isEqualTo(StandbyLanes.uncovered(left).isEmpty() ? Optional.empty() : Optional.of(covered));
    }

    @Test
    void thereIsNoneWithoutRoom() {
        assertThat(better(pipeline, pipeline.lanes(), (larger, next) -> false)).isEmpty();
        long enough = IntStream.range(0, NODES)
                .mapToLong(node -> pipeline.memoryBytes("node-" + node))
                .max()
                .orElseThrow();
        assertThat(StandbyLanes.better(
                        pipeline, pipeline.lanes(), without(), request(NODES, enough), (larger, next) -> true))
                .isEmpty();
    }

    @Test
    void whatCoversLessThanIsThereIsNotBetter() {
        Plan covered = covered();
        List<Lane> two = covered.lanes().subList(0, 2);
        Set<String> uncovered = StandbyLanes.uncovered(two);

        assertThat(uncovered).isNotEmpty();
        assertThat(better(covered, two, (larger, next) -> larger.lanes().size() <= 2))
                .as("another lane in place of one that covers as much")
                .isEmpty();
    }

    @Test
    void thereIsNoneForTheGatewaysOwnNode() {
        PlanRequest request = request(NODES, PLENTY);
        PlanRequest beside = new PlanRequest(
                graph, request.topology(), request.cost(), Objective.THROUGHPUT, Scheme.AUTO, NODES, NODES, "node-1");
        Map<String, Plan> only = Map.of("node-1", plan(without("node-1")));

        assertThat(StandbyLanes.better(pipeline, pipeline.lanes(), only, beside, (larger, next) -> true))
                .isEmpty();
    }

    @Test
    void aPlanWithSeveralLanesNeedsNone() {
        Plan lanes = plan(request(NODES, PLENTY).with(Scheme.LANES, NODES, 1));

        assertThat(lanes.lanes()).hasSizeGreaterThan(1);
        assertThat(StandbyLanes.uncovered(lanes.lanes())).isEmpty();
        assertThat(better(lanes, lanes.lanes(), (larger, next) -> true)).isEmpty();
    }

    @Test
    void theyComeAfterTheOthers() {
        List<Lane> wrong =
                List.of(pipeline.lanes().get(0).onStandby(), pipeline.lanes().get(0));

        assertThatThrownBy(() -> new Plan("m", "d", "single", wrong, pipeline.predicted()))
                .hasMessage("lanes of weight 0, which stand by, must come after the others of the plan for m");
    }

    @Test
    void aPlanOfLanesThatStandByOnlyIsNone() {
        List<Lane> standby = List.of(pipeline.lanes().get(0).onStandby());

        assertThatThrownBy(() -> new Plan("m", "d", "single", standby, pipeline.predicted()))
                .hasMessage("plan for m must have at least one lane with a weight");
    }

    private Plan covered() {
        return better(pipeline, pipeline.lanes(), (larger, next) -> true).orElseThrow();
    }

    private Optional<Plan> better(Plan plan, List<Lane> left, BiPredicate<Plan, Plan> fits) {
        return StandbyLanes.better(plan, left, without(), request(NODES, PLENTY), fits);
    }

    private static long memory(Plan plan) {
        return IntStream.range(0, NODES)
                .mapToLong(node -> plan.memoryBytes("node-" + node))
                .sum();
    }

    private Map<String, Plan> without() {
        Map<String, Plan> without = new HashMap<>();
        for (int node = 0; node < NODES; node++) {
            without.put("node-" + node, plan(without("node-" + node)));
        }
        return without;
    }

    private PlanRequest without(String lost) {
        PlanRequest all = request(NODES, PLENTY);
        List<Node> left = all.topology().nodes().stream()
                .filter(node -> !node.id().equals(lost))
                .toList();
        return all.on(new Topology(
                left,
                all.topology().links().stream()
                        .filter(link -> !link.from().equals(lost) && !link.to().equals(lost))
                        .toList()));
    }

    private static Plan plan(PlanRequest request) {
        return ((Planned) new DefaultPlanner().plan(request)).plan();
    }

    private PlanRequest request(int count, long memoryBytes) {
        List<Node> nodes = IntStream.range(0, count)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memoryBytes, GraphFixtures.REFERENCE_RATE))
                .toList();
        Topology topology = GraphFixtures.topology(nodes, 1e8, 1e-5);
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(2), graph, topology),
                Objective.THROUGHPUT,
                Scheme.AUTO,
                count,
                count,
                "gateway");
    }
}
