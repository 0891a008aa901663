package dev.tandem.core.planner.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefaultPlannerTest {

    private static final long PLENTY = 1L << 40;

    private final DefaultPlanner planner = new DefaultPlanner();

    @Test
    void isNeverWorseThanTheBestSingleNodeAndPassesTheCheck() {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.classifier(random, 2 + random.nextInt(8), 32);
            Topology topology = GraphFixtures.powered(
                    GraphFixtures.randomTopology(random, 1 + random.nextInt(4), seed % 2 == 0 ? PLENTY : 400_000),
                    random);
            Objective objective = List.of(Objective.values()).get(random.nextInt(4));
            PlanRequest request = request(graph, topology, objective, Scheme.AUTO);

            PlanResult single = planner.plan(request.with(Scheme.SINGLE, 1, 1));
            PlanResult auto = planner.plan(request);

            if (auto instanceof Planned found) {
                assertThat(PlanCheck.problems(found.plan(), graph, topology))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(found.plan().predicted().latencySeconds())
                        .as("seed %d", seed)
                        .isFinite();
            }
            if (single instanceof Planned alone) {
                assertThat(objective.value(((Planned) auto).plan().predicted()))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(objective.value(alone.plan().predicted()));
            }
        }
    }

    @Test
    void staysOnOneNodeAndSaysSoWhereDistributionDoesNotPay() {
        ModelGraph graph = GraphFixtures.classifier(new Random(2), 8, 32);
        Topology slow = GraphFixtures.topology(nodes(4, PLENTY), 1e5, 1);

        PlanRequest request = request(graph, slow, Objective.LATENCY, Scheme.AUTO);

        Planned found = (Planned) planner.plan(request);
        Planned compared = (Planned) DefaultPlanner.ofAll().plan(request);

        assertThat(found.plan()).isEqualTo(compared.plan());
        assertThat(found.plan().scheme()).isEqualTo("single");
        assertThat(found.explanation()).startsWith("single: distribution does not pay, the best is ");
        assertThat(compared.considered())
                .extracting(Alternative::name)
                .containsExactly(
                        "single",
                        "pipeline over 2 nodes",
                        "pipeline over 3 nodes",
                        "pipeline over 4 nodes",
                        "rows over 2 core groups",
                        "rows over 3 core groups",
                        "rows over 4 core groups");
    }

    @Test
    void usesAllNodesForThroughputThoughThereWasNoTimeToLookAround() {
        ModelGraph graph = GraphFixtures.classifier(new Random(2), 8, 32);
        Topology fast = GraphFixtures.topology(nodes(4, PLENTY), 1e12, 1e-9);
        PlanBudget spent = PlanBudget.of(Duration.ZERO);

        Planned found = (Planned) planner.plan(
                request(graph, fast, Objective.THROUGHPUT, Scheme.AUTO).within(spent));

        assertThat(found.plan().lanes()).hasSize(4);
        assertThat(found.considered()).extracting(Alternative::name).contains("lanes");
    }

    @Test
    void leavesOutOnlyWhatCannotBeBetter() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.branchy(random, 4 + random.nextInt(8), 32);
            Topology topology = GraphFixtures.powered(
                    GraphFixtures.randomTopology(random, 1 + random.nextInt(4), seed % 2 == 0 ? PLENTY : 400_000),
                    random);
            Objective objective = List.of(Objective.values()).get(seed % 4);
            PlanRequest request = request(graph, topology, objective, Scheme.AUTO);

            PlanResult quick = planner.plan(request);
            PlanResult all = DefaultPlanner.ofAll().plan(request);

            assertThat(quick.getClass()).isEqualTo(all.getClass());
            if (quick instanceof Planned found) {
                assertThat(objective.value(found.plan().predicted()))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(
                                objective.value(((Planned) all).plan().predicted()) * (1 + 1e-9));
            }
        }
    }

    @Test
    void distributesWhereItPays() {
        ModelGraph graph = GraphFixtures.branchy(new Random(2), 20, 64);
        Topology fast = GraphFixtures.topology(nodes(4, PLENTY), 1e9, 0);

        Planned throughput = (Planned) planner.plan(request(graph, fast, Objective.THROUGHPUT, Scheme.AUTO));
        Planned latency = (Planned) planner.plan(request(graph, fast, Objective.LATENCY, Scheme.AUTO));

        assertThat(throughput.explanation()).contains("against", "between requests");
        assertThat(latency.plan().scheme()).isEqualTo("rows");
        assertThat(latency.explanation()).startsWith("rows over 4 core groups: ");
    }

    @Test
    void takesAPublishedSchemeWhereItIsBetter() {
        int taken = 0;
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.branchy(random, 2 + random.nextInt(8), 32);
            List<Node> unequal = GraphFixtures.randomTopology(random, 1 + random.nextInt(4), PLENTY)
                    .nodes();
            Topology topology = GraphFixtures.topology(unequal, 1e5 + random.nextDouble() * 5e6, 0.001);
            PlanRequest request = request(graph, topology, Objective.LATENCY, Scheme.AUTO)
                    .with(
                            Scheme.AUTO,
                            topology.nodes().size(),
                            topology.coreGroups().size());

            Plan auto = plan(request);

            Map<String, Planner> published = new HashMap<>(Baselines.cheap());
            published.putAll(Baselines.costly(request.topology()));
            for (Planner baseline : published.values()) {
                if (baseline.plan(request) instanceof Planned found) {
                    assertThat(auto.predicted().latencySeconds())
                            .as("seed %d", seed)
                            .isLessThanOrEqualTo(found.plan().predicted().latencySeconds() * (1 + 1e-9));
                }
            }
            taken += published.containsKey(auto.scheme()) ? 1 : 0;
        }
        assertThat(taken).isPositive();
    }

    @Test
    void takesNoPublishedSchemeWithMoreShardsThanAllowed() {
        ModelGraph graph = GraphFixtures.branchy(new Random(2), 20, 64);
        Topology fast = GraphFixtures.topology(nodes(4, PLENTY), 1e9, 0);
        PlanRequest undivided =
                request(graph, fast, Objective.LATENCY, Scheme.AUTO).with(Scheme.AUTO, 4, 1);

        assertThat(plan(undivided).lanes()).allSatisfy(lane -> assertThat(lane.stages())
                .allSatisfy(stage -> assertThat(stage.shards()).hasSize(1)));
    }

    @Test
    void distributesModelsThatFitOnNoNode() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 8, 16);
        PlanRequest plenty =
                request(graph, GraphFixtures.topology(nodes(3, PLENTY), 1e6, 1), Objective.LATENCY, Scheme.AUTO);
        long whole = plenty.cost().memoryBytes(graph.whole());

        Planned found = (Planned) planner.plan(
                request(graph, GraphFixtures.topology(nodes(3, whole - 1), 1e6, 1), Objective.LATENCY, Scheme.AUTO));

        assertThat(found.explanation()).endsWith("the model does not fit on one node");
        assertThat(found.considered().get(0).remark()).contains("1 B are missing");
    }

    @Test
    void refusesWithEveryReasonWhenNothingFits() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 4, 16);
        PlanRequest request =
                request(graph, GraphFixtures.topology(nodes(2, 10), 1e6, 0), Objective.LATENCY, Scheme.AUTO);

        assertThat(((Refused) planner.plan(request)).reason())
                .contains("single: model fixture needs ", "has 10 B", "rows over 2 core groups: ");
        assertThat(((Refused) planner.plan(request)).reason())
                .containsPattern("pipeline over 2 nodes: .* are missing in the best one: node-");
        assertThat(((Refused) planner.plan(request.with(Scheme.HYBRID, 2, 2))).reason())
                .containsPattern("Undivided it needs .* at most 20 B together: .* are missing");
        assertThat(((Refused) planner.plan(request.with(Scheme.SINGLE, 1, 1))).reason())
                .contains("the largest, node-", "are missing");
    }

    @Test
    void takesTheFastestCoreGroupForASingle() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 4, 16);
        List<Node> nodes = List.of(
                GraphFixtures.node("a", PLENTY, 1e9),
                GraphFixtures.node("b", PLENTY, 2e9),
                GraphFixtures.node("c", 10, 9e9));
        Topology topology = GraphFixtures.topology(nodes, 1e6, 0);

        assertThat(Draft.places(plan(request(graph, topology, Objective.LATENCY, Scheme.SINGLE))))
                .isEqualTo("b/cpu");
    }

    @Test
    void givesTheSamePlanTwice() {
        ModelGraph graph = GraphFixtures.classifier(new Random(2), 10, 32);
        Topology equal = GraphFixtures.powered(
                GraphFixtures.topology(nodes(4, PLENTY), 1e7, 0.0001), NodePower.NONE, new Power(1, 5));
        for (Scheme scheme : Scheme.values()) {
            for (Objective objective : Objective.values()) {
                PlanRequest request = request(graph, equal, objective, scheme);

                assertThat(planner.plan(request)).isEqualTo(new DefaultPlanner().plan(request));
            }
        }
    }

    @Test
    void rejectsACostModelOfAnotherModel() {
        ModelGraph graph = GraphFixtures.chain(new Random(2), 4, 16);
        ModelGraph other = GraphFixtures.chain(new Random(3), 4, 16);
        Topology topology = GraphFixtures.topology(nodes(1, PLENTY), 1e6, 0);
        PlanRequest request = request(graph, topology, Objective.LATENCY, Scheme.AUTO);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlanRequest(
                        other, topology, request.cost(), Objective.LATENCY, Scheme.AUTO, 1, 1, "gateway"))
                .withMessageContaining("the cost model must be that of model fixture");
        assertThatIllegalArgumentException().isThrownBy(() -> request.with(Scheme.PIPELINE, 0, 1));
    }

    private Plan plan(PlanRequest request) {
        return ((Planned) planner.plan(request)).plan();
    }

    private static PlanRequest request(ModelGraph graph, Topology topology, Objective objective, Scheme scheme) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(9), graph, topology),
                objective,
                scheme,
                4,
                4,
                "gateway");
    }

    private static List<Node> nodes(int size, long memoryBytes) {
        return IntStream.range(0, size)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memoryBytes, GraphFixtures.REFERENCE_RATE))
                .toList();
    }
}
