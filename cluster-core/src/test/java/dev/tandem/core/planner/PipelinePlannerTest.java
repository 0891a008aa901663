package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PipelinePlannerTest {

    private static final List<Codec> CODECS = List.of(Codec.values());
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
    void plansOnlyWhatCanRunWhereASkipConnectionLacksLinks() {
        int roundabout = 0;
        int planned = 0;
        ModelGraph graph = skip();
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Topology topology = thinned(random, GraphFixtures.randomTopology(random, 4, PLENTY));
            Objective objective = random.nextBoolean() ? Objective.LATENCY : Objective.THROUGHPUT;
            PlanRequest request = request(random, graph, topology, 3, "gateway", objective);

            PlanResult result = planner.plan(request);

            double runnable = ChainBruteForce.bestRunnable(request);
            roundabout += ChainBruteForce.best(request) < runnable ? 1 : 0;
            if (result instanceof Planned found) {
                planned++;
                assertThat(PlanCheck.problems(found.plan(), graph, topology))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(ChainBruteForce.cost(request, found.plan()))
                        .as("seed %d", seed)
                        .isGreaterThanOrEqualTo(runnable * (1 - 1e-9))
                        .isFinite();
            } else {
                assertThat(runnable).as("seed %d: %s", seed, result).isInfinite();
            }
        }
        assertThat(roundabout).isBetween(10, 190);
        assertThat(planned).isBetween(10, 190);
    }

    @Test
    void agreesWithTheScorerWhereNoTensorBypassesAStage() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Codec codec = CODECS.get(seed % CODECS.size());
            PlanRequest request = coded(
                    codec,
                    request(
                            random,
                            GraphFixtures.chain(random, 7, 16),
                            GraphFixtures.randomTopology(random, 4, PLENTY),
                            1 + random.nextInt(4),
                            seed % 2 == 0 ? "gateway" : "node-1",
                            random.nextBoolean() ? Objective.LATENCY : Objective.THROUGHPUT));

            if (planner.plan(request) instanceof Planned found) {
                double scored = request.objective().value(found.plan().predicted());
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

            assertThat(objective.value(after.predicted()))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(objective.value(before.predicted()) * (1 + 1e-9));
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
    void plansAroundALinkThatOnlyASkipConnectionNeeds() {
        ModelGraph graph = skip();
        List<Node> nodes = List.of(
                GraphFixtures.node("a", PLENTY, 1e9),
                GraphFixtures.node("b", PLENTY, 1e9),
                GraphFixtures.node("c", PLENTY, 1e9));
        Topology linked = GraphFixtures.topology(nodes, 1e6, 0.001);
        // The chain a, b, c would be the cheapest by far.
        Topology inviting = new Topology(
                nodes,
                linked.links().stream()
                        .map(link -> isNext(link) ? link : new Link(link.from(), link.to(), 1e3, 0.1))
                        .toList());
        for (Objective objective : Objective.values()) {
            Topology apart = GraphFixtures.powered(without(inviting, "a", "c"), new Random(1));
            Plan plan = planned(request(new Random(1), graph, apart, 3, "gateway", objective));

            assertThat(plan.predicted().latencySeconds()).isFinite();
            assertThat(PlanCheck.problems(plan, graph, apart)).isEmpty();
        }
    }

    @Test
    void refusesWhereEveryChainNeedsALinkThatIsMissing() {
        ModelGraph graph = skip();
        List<Node> nodes = List.of(
                GraphFixtures.node("a", PLENTY, 1e9),
                GraphFixtures.node("b", PLENTY, 1e9),
                GraphFixtures.node("c", PLENTY, 1e9));
        Topology apart = without(without(GraphFixtures.topology(nodes, 1e6, 0.001), "a", "c"), "c", "a");
        PlanRequest request = request(new Random(1), graph, apart, 3, "gateway", Objective.LATENCY);

        assertThat(refusal(request)).contains("no 3 nodes with enough memory are linked");
        assertThat(planner.upToMaxNodes(request)).hasSize(1);
    }

    @Test
    void asksForALinkFromTheGatewayToEveryStageThatReadsAModelInput() {
        ModelGraph graph = inputSkip();
        List<Node> nodes = List.of(GraphFixtures.node("a", PLENTY, 1e9), GraphFixtures.node("b", PLENTY, 2e9));
        Topology apart = without(GraphFixtures.topology(nodes, 1e6, 0.001), "gateway", "b");

        assertThat(refusal(request(new Random(1), graph, apart, 2, "gateway", Objective.THROUGHPUT)))
                .contains("no 2 nodes with enough memory are linked");
    }

    @Test
    void isFastForEightNodesAndTwoHundredCuts() {
        // Bounds far above what is needed, so that a busy machine does not fail the build.
        Random random = new Random(5);
        ModelGraph graph = GraphFixtures.branchy(random, 200, 16);
        for (Objective objective : Objective.values()) {
            Topology topology =
                    GraphFixtures.powered(GraphFixtures.topology(equalNodes(8, PLENTY), 1e6, 0.0001), random);
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

    private static PlanRequest coded(Codec codec, PlanRequest request) {
        return new PlanRequest(
                request.graph(),
                request.topology(),
                request.cost().coded(codec),
                request.objective(),
                request.scheme(),
                request.maxNodes(),
                request.shards(),
                request.gatewayNode());
    }

    /** {@code t2 = t1 + t0}, where t0 passes the layer of t1. */
    private static ModelGraph skip() {
        return joined("t0");
    }

    /** {@code t2 = t1 + in}, where the model input passes both layers. */
    private static ModelGraph inputSkip() {
        return joined("in");
    }

    private static ModelGraph joined(String skipped) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        for (String name : List.of("in", "t0", "t1", "t2")) {
            tensors.put(name, new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, 8, 8)));
        }
        Window window = new Window(3, 1, 1, 1, 1);
        List<Layer> layers = List.of(
                new Layer(0, "l0", "Conv", List.of("in"), List.of("t0"), 100, 100, window),
                new Layer(1, "l1", "Conv", List.of("t0"), List.of("t1"), 100, 100, window),
                new Layer(2, "l2", "Add", List.of("t1", skipped), List.of("t2"), 100, 100, new Pointwise()));
        return new ModelGraph("m", "digest", List.of(tensors.get("in")), List.of(tensors.get("t2")), layers, tensors);
    }

    /** A third of the links between nodes missing too. */
    private static Topology thinned(Random random, Topology topology) {
        return new Topology(
                topology.nodes(),
                topology.links().stream()
                        .filter(link ->
                                link.from().equals("gateway") || link.to().equals("gateway") || random.nextInt(3) > 0)
                        .toList());
    }

    private static boolean isNext(Link link) {
        return List.of("gateway a", "a b", "b c", "c gateway").contains(link.from() + " " + link.to());
    }

    private static Topology without(Topology topology, String from, String to) {
        return new Topology(
                topology.nodes(),
                topology.links().stream()
                        .filter(link -> !(link.from().equals(from) && link.to().equals(to)))
                        .toList());
    }

    private static List<Node> equalNodes(int size, long memoryBytes) {
        return IntStream.range(0, size)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memoryBytes, GraphFixtures.REFERENCE_RATE))
                .toList();
    }
}
