package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObjectiveTest {

    private static final long PLENTY = 1L << 40;

    private final DefaultPlanner planner = new DefaultPlanner();

    @Test
    void isAFigureToBeMadeSmall() {
        PlanScore score = new PlanScore(0.5, 4, List.of(), "", Optional.of(new Energy(3, 2)));

        assertThat(Objective.LATENCY.value(score)).isEqualTo(0.5);
        assertThat(Objective.THROUGHPUT.value(score)).isEqualTo(0.25);
        assertThat(Objective.ENERGY.value(score)).isEqualTo(3);
        assertThat(Objective.ENERGY_DELAY.value(score)).isEqualTo(1.5);
        assertThat(Objective.ENERGY.words(3)).isEqualTo("3000.000 mJ");
        assertThat(Objective.ENERGY_DELAY.words(1.5)).isEqualTo("1500.000 mJ s");
        assertThat(Objective.ENERGY_DELAY).hasToString("energy-delay");
    }

    @Test
    void rejectsAScoreWithoutEnergyWhereItNeedsOne() {
        PlanScore score = new PlanScore(0.5, 4, List.of(), "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Objective.ENERGY.value(score))
                .withMessage("objective energy needs a score with energy. Maybe the power of a node is not known.");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.ENERGY_DELAY.value(score));
    }

    @Test
    void ofEnergyIsRefusedWithTheNamesOfTheNodesWithoutPower() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 4, 16);
        Topology bare = GraphFixtures.topology(
                List.of(machine("known", 1e9, 2), GraphFixtures.node("unknown", PLENTY, 1e9)), 1e6, 0);

        for (Scheme scheme : Scheme.values()) {
            assertThat(planner.plan(request(graph, bare, Objective.ENERGY_DELAY, scheme)))
                    .isEqualTo(
                            new Refused("objective energy-delay needs the power of every node, but that of unknown is"
                                    + " not known. Maybe say what their core groups draw idle and busy."));
        }
    }

    @Test
    void ofEnergyPrefersASlowMachineOfLittlePower() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 4, 16);
        Topology topology = GraphFixtures.topology(List.of(machine("hot", 2e9, 100), machine("cool", 1e9, 2)), 1e9, 0);

        Planned energy = plan(request(graph, topology, Objective.ENERGY, Scheme.SINGLE));
        Planned latency = plan(request(graph, topology, Objective.LATENCY, Scheme.SINGLE));

        assertThat(Draft.places(energy.plan())).isEqualTo("cool/cpu");
        assertThat(Draft.places(latency.plan())).isEqualTo("hot/cpu");
    }

    @Test
    void isServedAtLeastAsWellByAutoAsByTheBestPlanForAnotherAim() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.classifier(random, 3 + random.nextInt(6), 32);
            Topology topology =
                    GraphFixtures.powered(GraphFixtures.randomTopology(random, 1 + random.nextInt(4), PLENTY), random);
            PlanResult quickest = planner.plan(request(graph, topology, Objective.LATENCY, Scheme.AUTO));
            for (Objective objective : List.of(Objective.ENERGY, Objective.ENERGY_DELAY)) {
                PlanResult found = planner.plan(request(graph, topology, objective, Scheme.AUTO));

                assertThat(found.getClass()).isEqualTo(quickest.getClass());
                assertThat(value(objective, found))
                        .as("seed %d, %s", seed, objective)
                        .isLessThanOrEqualTo(value(objective, quickest) * (1 + 1e-9));
            }
        }
    }

    @Test
    void isExplainedInItsUnit() {
        ModelGraph graph = GraphFixtures.classifier(new Random(2), 8, 32);
        Topology topology = GraphFixtures.topology(List.of(machine("a", 1e9, 5), machine("b", 1e9, 5)), 1e5, 1);

        assertThat(plan(request(graph, topology, Objective.ENERGY, Scheme.AUTO)).explanation())
                .matches("single: distribution does not pay, the best is .* with .* mJ against .* mJ per request on the"
                        + " best single core group");
    }

    /** 0 where there is no plan. */
    private static double value(Objective objective, PlanResult result) {
        return result instanceof Planned planned
                ? objective.value(planned.plan().predicted())
                : 0;
    }

    private Planned plan(PlanRequest request) {
        return (Planned) planner.plan(request);
    }

    private static Node machine(String name, double rate, double busyWatts) {
        CoreGroup group = new CoreGroup(
                new CoreGroupId(name, "cpu"),
                CoreGroup.Kind.CPU,
                List.of(),
                1,
                rate,
                Optional.of(new Power(1, busyWatts)));
        return new Node(name, PLENTY, List.of(group));
    }

    private static PlanRequest request(ModelGraph graph, Topology topology, Objective objective, Scheme scheme) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(9), graph, topology),
                objective,
                scheme,
                2,
                2,
                "gateway");
    }
}
