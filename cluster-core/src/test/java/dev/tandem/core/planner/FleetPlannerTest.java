package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FleetPlannerTest {

    private static final long PLENTY = 1L << 40;

    private final ModelGraph graph = GraphFixtures.classifier(new Random(3), 10, 32);

    @Test
    void usesEveryCoreGroupWhereTheGatewayHasRoom() {
        PlanRequest request = request(star(new Random(1), 300, PLENTY, 1e12), Objective.THROUGHPUT, 300);

        Planned found = (Planned) new DefaultPlanner().plan(request);

        assertThat(found.plan().lanes()).hasSize(600);
        assertThat(found.gap(Objective.THROUGHPUT).orElseThrow()).isLessThan(0.05);
        assertThat(PlanCheck.problems(found.plan(), graph, request.topology())).isEmpty();
    }

    @Test
    void takesNoMoreLanesThanTheGatewaysCardFeeds() {
        Topology topology = star(new Random(1), 300, PLENTY, 1e7);
        PlanRequest request = request(topology, Objective.THROUGHPUT, 300);

        Plan plan = plan(request);

        assertThat(plan.lanes()).hasSizeLessThan(600);
        assertThat(1 / plan.predicted().throughputPerSecond()).isLessThan(LowerBound.of(request) * 1.01);
    }

    @Test
    void chainsNodesThatDoNotHoldTheModel() {
        PlanRequest plenty = request(star(new Random(1), 2, PLENTY, 1e12), Objective.THROUGHPUT, 2);
        long most = plenty.cost().memoryBytes(graph.whole()) * 2 / 3;
        List<Node> nodes = new ArrayList<>();
        for (int node = 0; node < 24; node++) {
            nodes.add(GraphFixtures.node("node-" + node, most, 1e9 + node));
        }
        PlanRequest request = request(GraphFixtures.topology(nodes, 1e9, 0.0001), Objective.THROUGHPUT, 24);

        Plan plan = plan(request);

        assertThat(plan.lanes()).hasSize(3).allSatisfy(lane -> assertThat(lane.stages())
                .hasSizeGreaterThan(1));
        assertThat(PlanCheck.problems(plan, graph, request.topology())).isEmpty();
        assertThat(Draft.lacking(request, plan)).isEmpty();
    }

    @Test
    void keepsToTheNodesThatItMayUse() {
        Plan plan = plan(request(star(new Random(1), 40, PLENTY, 1e12), Objective.THROUGHPUT, 5));

        assertThat(Constraints.nodes(plan)).isEqualTo(5);
        assertThat(plan.lanes()).hasSize(10);
    }

    @Test
    void refusesWhereNoTwoLanesFit() {
        PlanRequest request = request(star(new Random(1), 9, 1, 1e12), Objective.THROUGHPUT, 9);

        assertThat(((Refused) new FleetPlanner().plan(request)).reason())
                .startsWith("no two lanes fit: each needs the whole model, ");
    }

    private static Plan plan(PlanRequest request) {
        return ((Planned) new FleetPlanner().plan(request)).plan();
    }

    private PlanRequest request(Topology topology, Objective objective, int maxNodes) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(5), graph, topology),
                objective,
                Scheme.AUTO,
                maxNodes,
                8,
                "gateway");
    }

    /** Nodes of two unequal core groups, each linked to the gateway only. */
    private static Topology star(Random random, int size, long memory, double bandwidth) {
        List<Node> nodes = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int node = 0; node < size; node++) {
            String id = "node-" + node;
            nodes.add(new Node(
                    id,
                    memory,
                    List.of(
                            GraphFixtures.group(id, "big", 1e9 * (1 + random.nextDouble())),
                            GraphFixtures.group(id, "small", 1e9 * random.nextDouble()))));
            links.add(new Link("gateway", id, bandwidth, 0.0001));
            links.add(new Link(id, "gateway", bandwidth, 0.0001));
        }
        return new Topology(nodes, links);
    }
}
