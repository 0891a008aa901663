package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GivenPlanTest {

    private static final long PLENTY = 1L << 40;
    private static final double BANDWIDTH = 1e8;

    private final ModelGraph graph = GraphFixtures.branchy(new Random(1), 12, 64);

    @Test
    void keepsWhatIsGiven() {
        Plan plan = plan(request(3, BANDWIDTH, PLENTY));

        assertThat(given(plan, request(4, BANDWIDTH, PLENTY)).plan().lanes()).isEqualTo(plan.lanes());
    }

    @Test
    void predictsItAnewForTheMachinesThatThereAre() {
        Plan plan = plan(request(3, BANDWIDTH, PLENTY));

        assertThat(given(plan, request(3, BANDWIDTH / 10, PLENTY))
                        .plan()
                        .predicted()
                        .latencySeconds())
                .isGreaterThan(plan.predicted().latencySeconds());
    }

    @Test
    void isRefusedWhereACoreGroupIsMissing() {
        Plan plan = plan(request(3, BANDWIDTH, PLENTY));

        assertThat(new GivenPlan(plan).plan(request(1, BANDWIDTH, PLENTY)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                        .startsWith("the given plan cannot run here: ")
                        .contains("which the topology lacks"));
    }

    @Test
    void isRefusedWhereMemoryIsMissing() {
        Plan plan = plan(request(3, BANDWIDTH, PLENTY));

        assertThat(new GivenPlan(plan).plan(request(3, BANDWIDTH, 1)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).contains("bytes are missing"));
    }

    private static Planned given(Plan plan, PlanRequest request) {
        return (Planned) new GivenPlan(plan).plan(request);
    }

    private static Plan plan(PlanRequest request) {
        return ((Planned) new DefaultPlanner().plan(request)).plan();
    }

    private PlanRequest request(int count, double bandwidth, long memoryBytes) {
        List<Node> nodes = IntStream.range(0, count)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memoryBytes, GraphFixtures.REFERENCE_RATE))
                .toList();
        Topology topology = GraphFixtures.topology(nodes, bandwidth, 1e-5);
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
