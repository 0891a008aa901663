package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesPlannerTest {

    private static final long PLENTY = 1L << 40;

    private final LanesPlanner planner = new LanesPlanner();

    @Test
    void findsWhatTryingAllPartitionsFinds() {
        int planned = 0;
        int withPipelines = 0;
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.chain(random, 5, 16);
            Topology topology = linked(random, 3 * wholeBytes(graph));
            PlanRequest request = free(random, graph, topology, 1 + random.nextInt(4));

            double expected = bestRate(request);
            PlanResult result = planner.plan(request);

            if (result instanceof Planned found) {
                planned++;
                withPipelines += found.plan().lanes().stream()
                                .anyMatch(lane -> lane.stages().size() > 1)
                        ? 1
                        : 0;
                assertThat(found.plan().predicted().throughputPerSecond())
                        .as("seed %d", seed)
                        .isCloseTo(expected, within(1e-9 * expected));
                assertThat(PlanCheck.problems(found.plan(), graph, topology))
                        .as("seed %d", seed)
                        .isEmpty();
            } else {
                assertThat(expected).as("seed %d: %s", seed, result).isZero();
            }
        }
        assertThat(planned).isBetween(50, 149);
        assertThat(withPipelines).isPositive();
    }

    @Test
    void weighsLanesByTheirRates() {
        Random random = new Random(1);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("slow", PLENTY, 1e9), GraphFixtures.node("fast", PLENTY, 3e9)), 1e12, 0);

        Plan plan = planned(free(random, graph, topology, 2));

        assertThat(plan.scheme()).isEqualTo("lanes");
        assertThat(plan.lanes().stream().map(LanesPlannerTest::nodes))
                .containsExactly(List.of("fast"), List.of("slow"));
        assertThat(plan.lanes().get(0).weight()).isEqualTo(1);
        assertThat(plan.lanes().get(1).weight()).isCloseTo(1 / 3.0, within(1e-6));
    }

    @Test
    void usesEveryCoreGroupOfANode() {
        Random random = new Random(2);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        Node board = new Node(
                "board",
                PLENTY,
                List.of(GraphFixtures.group("board", "big", 2e9), GraphFixtures.group("board", "little", 1e9)));

        Plan plan = planned(free(random, graph, GraphFixtures.topology(List.of(board), 1e12, 0), 1));

        assertThat(plan.lanes().stream()
                        .map(lane ->
                                lane.stages().get(0).shards().get(0).place().group()))
                .containsExactly("big", "little");
    }

    @Test
    void lanesBesideTheGatewayDoNotWaitForItsNetworkCard() {
        Random random = new Random(3);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        List<Node> nodes = List.of(GraphFixtures.node("gateway", PLENTY, 1e9), GraphFixtures.node("far", PLENTY, 1e9));
        // The card carries half of what the far node could do.
        double inputBytes = graph.inputs().get(0).bytes();
        PlanRequest fast = free(random, graph, GraphFixtures.topology(nodes, 1e15, 0), 2);
        double rate = 1 / fast.cost().computeSeconds(nodes.get(0).coreGroups().get(0), graph.whole());
        Topology narrow = new Topology(
                nodes,
                List.of(new Link("gateway", "far", inputBytes * rate / 2, 0), new Link("far", "gateway", 1e15, 0)));

        Plan plan = planned(new PlanRequest(
                graph,
                narrow,
                new CostModel(graph, timesOf(fast, graph), GraphFixtures.REFERENCE_RATE, narrow, RuntimeCosts.NONE),
                Objective.THROUGHPUT,
                Scheme.LANES,
                2,
                1,
                "gateway"));

        assertThat(plan.predicted().throughputPerSecond()).isCloseTo(1.5 * rate, within(1e-6 * rate));
    }

    @Test
    void keepsToTheNodesThatItMayUse() {
        Random random = new Random(4);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        List<Node> nodes = IntStream.range(0, 4)
                .mapToObj(node -> GraphFixtures.node("n" + node, PLENTY, 1e9 * (node + 1)))
                .toList();

        Plan plan = planned(free(random, graph, GraphFixtures.topology(nodes, 1e12, 0), 2));

        assertThat(plan.lanes().stream().map(LanesPlannerTest::nodes)).containsExactly(List.of("n3"), List.of("n2"));
    }

    @Test
    void refusesWhereOnlyOneLaneFits() {
        Random random = new Random(5);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        Topology one = GraphFixtures.topology(List.of(GraphFixtures.node("a", PLENTY, 1e9)), 1e9, 0);
        long whole = wholeBytes(graph);
        Topology small = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", whole, 1e9), GraphFixtures.node("b", 10, 1e9)), 1e9, 0);

        assertThat(refusal(free(random, graph, one, 1)))
                .contains("two lanes need two core groups, but the nodes that a plan may use have 1");
        assertThat(refusal(free(random, graph, small, 2)))
                .contains("no two lanes fit", Draft.bytes(whole - 10) + " are missing", "Maybe ask for a pipeline");
    }

    private String refusal(PlanRequest request) {
        return ((Refused) planner.plan(request)).reason();
    }

    @Test
    void isTakenByTheDefaultPlannerWhereItGivesMore() {
        Random random = new Random(6);
        ModelGraph graph = GraphFixtures.chain(random, 4, 16);
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", PLENTY, 1e9), GraphFixtures.node("b", PLENTY, 1e9)), 1e12, 0);
        PlanRequest lanes = free(random, graph, topology, 2);

        Plan best = ((Planned) new DefaultPlanner().plan(lanes.with(Scheme.AUTO, 2, 2))).plan();

        assertThat(best.predicted().throughputPerSecond())
                .isGreaterThanOrEqualTo(planned(lanes).predicted().throughputPerSecond() * (1 - 1e-9));
    }

    /** The largest sum of rates of lanes over disjoint sets of nodes, two lanes at least. */
    private static double bestRate(PlanRequest request) {
        return bestRate(request, request.topology().nodes(), request.maxNodes(), 0, 0);
    }

    private static double bestRate(PlanRequest request, List<Node> left, int mostNodes, int lanes, double rate) {
        double best = lanes >= 2 ? rate : 0;
        for (int set = 1; set < 1 << left.size(); set++) {
            int members = set;
            List<Node> lane = pick(left, node -> (members & 1 << node) != 0);
            if (lane.size() <= mostNodes && lane.contains(lowest(left, set))) {
                double more = laneRate(request, lane);
                if (more > 0) {
                    List<Node> rest = pick(
                            left, node -> (members & 1 << node) == 0 && node > Integer.numberOfTrailingZeros(members));
                    best = Math.max(best, bestRate(request, rest, mostNodes - lane.size(), lanes + 1, rate + more));
                }
            }
        }
        return best;
    }

    private static Node lowest(List<Node> nodes, int set) {
        return nodes.get(Integer.numberOfTrailingZeros(set));
    }

    private static List<Node> pick(List<Node> nodes, IntPredicate which) {
        return IntStream.range(0, nodes.size())
                .filter(which)
                .mapToObj(nodes::get)
                .toList();
    }

    private static double laneRate(PlanRequest request, List<Node> nodes) {
        Topology part = new Topology(nodes, request.topology().links());
        CostModel cost = new CostModel(
                request.graph(),
                timesOf(request, request.graph()),
                GraphFixtures.REFERENCE_RATE,
                part,
                RuntimeCosts.NONE);
        return 1
                / ChainBruteForce.best(new PlanRequest(
                        request.graph(),
                        part,
                        cost,
                        Objective.THROUGHPUT,
                        Scheme.PIPELINE,
                        nodes.size(),
                        1,
                        request.gatewayNode()));
    }

    private static long wholeBytes(ModelGraph graph) {
        Topology any = GraphFixtures.topology(List.of(GraphFixtures.node("any", PLENTY, 1e9)), 1e9, 0);
        return free(new Random(0), graph, any, 1).cost().memoryBytes(graph.whole());
    }

    /** The layer times behind a cost model that charges nothing else. */
    private static LayerTimes timesOf(PlanRequest request, ModelGraph graph) {
        CoreGroup group = request.topology().coreGroups().get(0);
        return new LayerTimes(
                graph.digest(),
                graph.layers().stream()
                        .map(layer ->
                                request.cost().computeSeconds(group, new Segment(layer.index(), layer.index() + 1))
                                        * group.multiplyAddsPerSecond()
                                        / GraphFixtures.REFERENCE_RATE)
                        .toList());
    }

    /** Unequal nodes of one core group; the gateway's card, as fast as its fastest link, is no limit. */
    private static Topology linked(Random random, long mostMemoryBytes) {
        List<Node> nodes = IntStream.range(0, 4)
                .mapToObj(node -> GraphFixtures.node(
                        "node-" + node,
                        (long) (mostMemoryBytes * (0.1 + 0.9 * random.nextDouble())),
                        1e9 * (0.25 + random.nextDouble())))
                .toList();
        List<Link> links = new ArrayList<>(GraphFixtures.topology(nodes, 1, 0).links().stream()
                .map(link -> new Link(link.from(), link.to(), 1e5 + random.nextDouble() * 5e6, 0))
                .toList());
        links.add(new Link("gateway", "nowhere", 1e15, 0));
        links.add(new Link("nowhere", "gateway", 1e15, 0));
        return new Topology(nodes, links);
    }

    private static List<String> nodes(Lane lane) {
        return lane.stages().stream()
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .collect(Collectors.toList());
    }

    private Plan planned(PlanRequest request) {
        return ((Planned) planner.plan(request)).plan();
    }

    /** A request whose runtime costs nothing. */
    private static PlanRequest free(Random random, ModelGraph graph, Topology topology, int nodes) {
        CostModel cost = new CostModel(
                graph, GraphFixtures.times(random, graph), GraphFixtures.REFERENCE_RATE, topology, RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, Objective.THROUGHPUT, Scheme.LANES, nodes, 1, "gateway");
    }
}
