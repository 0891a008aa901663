package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PipelinePlannerTest {

    private static final long PLENTY = 1L << 40;

    private final PipelinePlanner planner = new PipelinePlanner();

    @Test
    void findsWhatTryingAllChainsFinds() {
        int planned = 0;
        for (int seed = 0; seed < 400; seed++) {
            PlanRequest request = randomRequest(new Random(seed), seed);
            double expected = ChainBruteForce.best(request);

            PlanResult result = planner.plan(request);

            if (result instanceof Planned found) {
                planned++;
                assertThat(ChainBruteForce.cost(request, found.plan()))
                        .as("seed %d", seed)
                        .isCloseTo(expected, within(1e-9 * expected));
            } else {
                assertThat(expected).as("seed %d: %s", seed, result).isInfinite();
            }
        }
        assertThat(planned).isBetween(200, 380);
    }

    @Test
    void agreesWithTheScorerWhereNoTensorBypassesAStage() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            PlanRequest request = request(
                    random,
                    GraphFixtures.chain(random, 7, 16),
                    GraphFixtures.randomTopology(random, 4, PLENTY),
                    1 + random.nextInt(4),
                    seed % 2 == 0 ? "gateway" : "node-1",
                    random.nextBoolean() ? Objective.LATENCY : Objective.THROUGHPUT);

            if (planner.plan(request) instanceof Planned found) {
                double scored = request.objective().seconds(found.plan().predicted());
                assertThat(scored).as("seed %d", seed).isCloseTo(ChainBruteForce.best(request), within(1e-9 * scored));
            }
        }
    }

    @Test
    void takesTheLeastLatencyAmongPlansOfEqualThroughput() {
        Random random = new Random(7);
        ModelGraph graph = GraphFixtures.chain(random, 12, 16);
        Topology even = GraphFixtures.topology(equalNodes(3, PLENTY), 1e6, 0.001);
        Topology topology = new Topology(
                even.nodes(),
                even.links().stream()
                        .map(link ->
                                new Link(link.from(), link.to(), link.from().equals("gateway") ? 1e4 : 1e6, 0.001))
                        .toList());
        PlanRequest throughput = request(random, graph, topology, 2, "gateway", Objective.THROUGHPUT);

        Plan plan = planned(throughput);

        // The input's link is the bottleneck whatever the cut.
        assertThat(plan.predicted().bottleneck()).startsWith("link gateway -> ");
        PlanRequest latency = new PlanRequest(
                graph, topology, throughput.cost(), Objective.LATENCY, Scheme.PIPELINE, 2, 1, "gateway");
        assertThat(plan.predicted().latencySeconds())
                .isEqualTo(planned(latency).predicted().latencySeconds());
    }

    @Test
    void forcesTheNumberOfNodesEvenWhereFewerWouldBeFaster() {
        Random random = new Random(3);
        ModelGraph graph = GraphFixtures.branchy(random, 12, 16);
        Topology topology = GraphFixtures.topology(equalNodes(4, PLENTY), 1e4, 0.1);

        for (int nodes = 1; nodes <= 4; nodes++) {
            Plan plan = planned(request(random, graph, topology, nodes, "gateway", Objective.LATENCY));

            List<Stage> stages = plan.lanes().get(0).stages();
            assertThat(stages).hasSize(nodes);
            assertThat(stages.stream()
                            .map(stage -> stage.shards().get(0).place().node())
                            .distinct())
                    .hasSize(nodes);
        }
    }

    @Test
    void neverGetsWorseWhenANodeGetsFaster() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.chain(random, 8, 16);
            Topology slow = GraphFixtures.topology(equalNodes(3, PLENTY), 1e6, 0.001);
            List<Node> faster =
                    List.of(slow.nodes().get(0), slow.nodes().get(1), GraphFixtures.node("node-2", PLENTY, 2e9));
            Objective objective = seed % 2 == 0 ? Objective.LATENCY : Objective.THROUGHPUT;

            Plan before = planned(request(new Random(seed), graph, slow, 3, "gateway", objective));
            Plan after = planned(request(
                    new Random(seed), graph, GraphFixtures.topology(faster, 1e6, 0.001), 3, "gateway", objective));

            assertThat(objective.seconds(after.predicted()))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(objective.seconds(before.predicted()) * (1 + 1e-9));
        }
    }

    @Test
    void refusesMoreStagesThanNodes() {
        Random random = new Random(1);
        Topology topology = GraphFixtures.topology(equalNodes(2, PLENTY), 1e6, 0);

        assertThat(refusal(
                        request(random, GraphFixtures.chain(random, 7, 16), topology, 3, "gateway", Objective.LATENCY)))
                .contains("3 stages need as many nodes", "there are 2");
    }

    @Test
    void refusesMoreStagesThanCutsAllow() {
        Random random = new Random(1);
        Topology topology = GraphFixtures.topology(equalNodes(4, PLENTY), 1e6, 0);

        assertThat(refusal(
                        request(random, GraphFixtures.chain(random, 2, 16), topology, 4, "gateway", Objective.LATENCY)))
                .contains("4 stages need 3 cuts", "may be cut in 1 places");
    }

    @Test
    void saysHowMuchMemoryIsMissingWhere() {
        Random random = new Random(1);
        ModelGraph graph = GraphFixtures.chain(random, 2, 16);
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", PLENTY, 1e9), GraphFixtures.node("b", 1000, 1e9)), 1e6, 0);
        PlanRequest request = request(random, graph, topology, 2, "gateway", Objective.LATENCY);
        long least = Math.min(
                request.cost().memoryBytes(new Segment(0, 1)), request.cost().memoryBytes(new Segment(1, 2)));

        assertThat(refusal(request))
                .contains("b has 1000 B", "need " + least, (least - 1000) + " ")
                .doesNotContain("a has");
    }

    @Test
    void saysWhenLinksAreMissing() {
        Random random = new Random(1);
        Topology linked = GraphFixtures.topology(equalNodes(2, PLENTY), 1e6, 0);
        Topology apart = new Topology(
                linked.nodes(),
                linked.links().stream()
                        .filter(link ->
                                link.from().equals("gateway") || link.to().equals("gateway"))
                        .toList());

        assertThat(refusal(
                        request(random, GraphFixtures.chain(random, 4, 16), apart, 2, "gateway", Objective.THROUGHPUT)))
                .contains("no 2 nodes with enough memory are linked");
    }

    @Test
    void isFastForEightNodesAndTwoHundredCuts() {
        // Bounds far above what is needed, so that a busy machine does not fail the build.
        Random random = new Random(5);
        ModelGraph graph = GraphFixtures.branchy(random, 200, 16);
        for (Objective objective : Objective.values()) {
            Topology topology = GraphFixtures.topology(equalNodes(8, PLENTY), 1e6, 0.0001);
            long start = System.nanoTime();

            planned(request(random, graph, topology, 8, "gateway", objective));

            assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(10);
        }
    }

    private String refusal(PlanRequest request) {
        return ((Refused) planner.plan(request)).reason();
    }

    private Plan planned(PlanRequest request) {
        return ((Planned) planner.plan(request)).plan();
    }

    private static PlanRequest randomRequest(Random random, int seed) {
        ModelGraph graph = random.nextBoolean()
                ? GraphFixtures.chain(random, 2 + random.nextInt(6), 16)
                : GraphFixtures.branchy(random, 2 + random.nextInt(4), 16);
        Topology topology =
                GraphFixtures.randomTopology(random, 2 + random.nextInt(3), seed % 3 == 0 ? PLENTY : 150_000);
        String gateway = random.nextBoolean() ? "gateway" : "node-0";
        return request(
                random,
                graph,
                topology,
                1 + random.nextInt(4),
                gateway,
                random.nextBoolean() ? Objective.LATENCY : Objective.THROUGHPUT);
    }

    private static PlanRequest request(
            Random random, ModelGraph graph, Topology topology, int nodes, String gateway, Objective objective) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(random, graph, topology),
                objective,
                Scheme.PIPELINE,
                nodes,
                1,
                gateway);
    }

    private static List<Node> equalNodes(int size, long memoryBytes) {
        return IntStream.range(0, size)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memoryBytes, GraphFixtures.REFERENCE_RATE))
                .toList();
    }
}
