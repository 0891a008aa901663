package dev.tandem.core.planner.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What keeps the search from a plan, and what must not. */
class HybridRefusalTest {

    private final ModelGraph graph = GraphFixtures.chain(new Random(1), 4, 16);
    private final List<Node> nodes =
            List.of(GraphFixtures.node("a", 1L << 30, 1), GraphFixtures.node("b", 1L << 30, 1));

    @Test
    void findsPipelinesWhereALayerTakesNoTimeOnOneOfTheCoreGroups() {
        PlanResult result = planner(request(List.of(1.0, 1.0, 0.0, 1.0)));

        assertThat(((Planned) result).plan().predicted().throughputPerSecond()).isGreaterThan(0.45);
    }

    @Test
    void doesNotBlameMemoryWhenItsTimeIsOver() {
        PlanBudget spent = PlanBudget.of(Duration.ZERO);

        PlanResult result = planner(request(List.of(1.0, 1.0, 1.0, 1.0)).within(spent));

        assertThat(((Refused) result).reason())
                .contains("was found in the time and steps that the search has")
                .doesNotContain("memory");
    }

    @Test
    void saysWhatIsThereWhenNothingFits() {
        List<Node> small = List.of(GraphFixtures.node("a", 10, 1), GraphFixtures.node("b", 10, 1));

        PlanResult result = planner(request(small, List.of(1.0, 1.0, 1.0, 1.0)));

        assertThat(((Refused) result).reason()).contains("keeps within memory, links and bounds");
    }

    private static PlanResult planner(PlanRequest request) {
        return HybridPlanner.thorough(request).plan(request);
    }

    private PlanRequest request(List<Double> secondsOnB) {
        return request(nodes, secondsOnB);
    }

    private PlanRequest request(List<Node> machines, List<Double> secondsOnB) {
        Topology topology = GraphFixtures.topology(machines, 1e12, 0);
        Profile alike = Profile.of(new LayerTimes(graph.digest(), List.of(1.0, 1.0, 1.0, 1.0)));
        Profile onB = Profile.of(new LayerTimes(graph.digest(), secondsOnB));
        CostModel cost = new CostModel(
                graph, alike, 1, Map.of(machines.get(1).coreGroups().get(0).id(), onB), topology, RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, Objective.THROUGHPUT, Scheme.HYBRID, 2, 1, "a");
    }
}
