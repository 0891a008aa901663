package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.Layer;
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

class GatheredRowsPlannerTest {

    private static final long PLENTY = 1L << 40;

    @Test
    void plansPassTheCheckWhereWorkersReachTheLeaderOnly() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.classifier(random, 3 + random.nextInt(8), 32);
            Topology star = star(2 + random.nextInt(3), 1e8, PLENTY);

            Plan plan = planned(request(graph, star));

            assertThat(PlanCheck.problems(plan, graph, star))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(plan.predicted().latencySeconds()).as("seed %d", seed).isFinite();
        }
    }

    @Test
    void leaderKeepsAllThatIsNotWorthSending() {
        ModelGraph graph = GraphFixtures.classifier(new Random(4), 6, 64);

        Plan plan = planned(request(graph, star(3, 10, PLENTY)));

        assertThat(plan.lanes().get(0).stages()).singleElement().satisfies(stage -> assertThat(
                        stage.shards().get(0).place().node())
                .isEqualTo("leader"));
    }

    @Test
    void isTriedWhereNodesAreNotAllLinked() {
        ModelGraph graph = GraphFixtures.chain(new Random(3), 5, 32);
        PlanRequest request = request(graph, star(3, 1e9, PLENTY));

        Planned found = (Planned) new DefaultPlanner().plan(request);

        assertThat(found.considered())
                .anySatisfy(tried -> assertThat(tried.name()).isEqualTo("gathered rows"));
        assertThat(found.plan().predicted().latencySeconds())
                .isLessThanOrEqualTo(planned(request).predicted().latencySeconds());
    }

    @Test
    void workersWithoutMemoryGetNothing() {
        ModelGraph graph = GraphFixtures.chain(new Random(1), 4, 32);

        assertThat(Draft.places(planned(request(graph, star(2, 1e12, 1000))))).isEqualTo("leader/cpu");
    }

    @Test
    void refusesWhereNothingReachesTheGateway() {
        ModelGraph graph = GraphFixtures.chain(new Random(1), 4, 32);
        Topology apart = new Topology(star(2, 1e9, PLENTY).nodes(), List.of());
        PlanRequest request = request(graph, apart, "outside");

        assertThat(GatheredRowsPlanner.withFreeLeader().plan(request))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                        .contains("no node reaches the gateway on outside"));
    }

    @Test
    void isFasterThanTheLeaderAloneWhereLinksAreFast() {
        ModelGraph graph = GraphFixtures.chain(new Random(3), 5, 32);
        PlanRequest request = request(graph, star(3, 1e9, PLENTY));

        double alone =
                ((Planned) new SinglePlanner().plan(request)).plan().predicted().latencySeconds();

        assertThat(planned(request).predicted().latencySeconds()).isLessThan(alone);
    }

    private static Plan planned(PlanRequest request) {
        return ((Planned) GatheredRowsPlanner.withWorkingLeader().plan(request)).plan();
    }

    private static PlanRequest request(ModelGraph graph, Topology topology) {
        return request(graph, topology, "leader");
    }

    private static PlanRequest request(ModelGraph graph, Topology topology, String gateway) {
        List<Double> seconds = graph.layers().stream()
                .map(Layer::multiplyAdds)
                .map(count -> count / 1e9)
                .toList();
        CostModel cost =
                new CostModel(graph, new LayerTimes(graph.digest(), seconds), 1e9, topology, RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, Scheme.AUTO, 9, 9, gateway);
    }

    private static Topology star(int workers, double bytesPerSecond, long memoryBytes) {
        List<Node> nodes = new ArrayList<>(List.of(GraphFixtures.node("leader", PLENTY, 1e9)));
        List<Link> links = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            String name = "w" + worker;
            nodes.add(GraphFixtures.node(name, memoryBytes, 1e9));
            links.add(new Link("leader", name, bytesPerSecond, 0));
            links.add(new Link(name, "leader", bytesPerSecond, 0));
        }
        return new Topology(nodes, links);
    }
}
