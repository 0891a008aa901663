package dev.tandem.core.planner.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HybridSchemesTest {

    private static final Instances CHAIN =
            Instances.input(32).convolution(1).convolution(1).convolution(1).convolution(1);

    @Test
    void dataParallelDealsABatchBySpeed() {
        assertThat(DataParallel.deal(new double[] {1, 1, 2})).containsExactly(40, 40, 20);
        assertThat(DataParallel.deal(new double[] {1, 1000})).containsExactly(100, 0);
    }

    @Test
    void dataParallelHasNoBetterSharesByTryingAll() {
        Random random = new Random(7);
        for (int trial = 0; trial < 50; trial++) {
            double[] seconds = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
            double best = Double.POSITIVE_INFINITY;
            for (int first = 0; first <= 100; first++) {
                for (int second = 0; first + second <= 100; second++) {
                    best = Math.min(best, longest(seconds, first, second, 100 - first - second));
                }
            }
            assertThat(longest(seconds, DataParallel.deal(seconds))).isCloseTo(best, within(1e-12));
        }
    }

    @Test
    void dataParallelPlansALaneForEachNode() {
        Plan plan = Instances.plan(
                new DataParallel(),
                CHAIN.request(SimpleSplitsTest.cluster(Instances.PLENTY, 1e9, 3e9), Objective.THROUGHPUT, "gateway"));

        assertThat(Instances.words(plan)).containsExactly("0-3 a/cpu", "0-3 b/cpu");
        assertThat(plan.lanes()).extracting(Lane::weight).containsExactly(25.0, 75.0);
        // Four seconds on a for a quarter of the requests: as often as both rates together allow.
        assertThat(plan.predicted().throughputPerSecond()).isCloseTo(1, within(1e-6));
    }

    @Test
    void omniBoostBalancesTheCoreGroupsOfOneNode() {
        PlanRequest request = CHAIN.request(twoCoreGroups(), Objective.THROUGHPUT, "gateway");

        Plan plan = Instances.plan(new OmniBoost(1), request);

        // Rates 3 and 1 for four layers of a second: three on the big one and one on the little one.
        assertThat(plan.predicted().throughputPerSecond()).isCloseTo(1, within(1e-6));
        assertThat(plan.lanes().get(0).stages()).hasSize(2);
    }

    @Test
    void omniBoostComesNearTheBestOfAllMaps() {
        double worst = 1;
        for (int seed = 0; seed < 20; seed++) {
            PlanRequest request = BaselinesTest.random(seed);
            List<Block> atoms = Blocks.atoms(request.graph());
            List<CoreGroup> groups = request.topology().nodes().get(0).coreGroups();
            LayerMapCosts costs = new LayerMapCosts(request, atoms, groups);

            double found = costs.seconds(new LayerMapSearch(costs, new Random(seed)).best(OmniBoost.BUDGET));

            double exact = exact(costs, new int[atoms.size()], 0);
            assertThat(found).as("seed %d", seed).isGreaterThanOrEqualTo(exact);
            worst = Math.max(worst, found / exact);
        }
        assertThat(worst).isLessThan(1.05);
    }

    @Test
    void disNetTakesThePathOfTheBestLinksAndRates() {
        List<Node> nodes =
                SimpleSplitsTest.cluster(Instances.PLENTY, 10e9, 5e9, 8e9).nodes();
        List<Link> links = new ArrayList<>();
        for (Link link : GraphFixtures.topology(nodes, 1e9, 0).links()) {
            boolean isSlow = Set.of(link.from(), link.to()).equals(Set.of("a", "c"));
            links.add(isSlow ? new Link(link.from(), link.to(), 125_000, 0) : link);
        }
        PlanRequest request = CHAIN.request(new Topology(nodes, links), Objective.LATENCY, "a");
        Fleet fleet = Fleet.of(request, Set.of()).orElseThrow();

        HubPath path = HubPath.best(request, fleet, 4);

        // Per hop: a to b 15/5 + 5 = 8, a to c 1/5 + 8 = 8.2; a, b, c (8 + 11)/2 = 9.5; a, c, b (8.2 + 8)/2 = 8.1.
        assertThat(path.hubs()).extracting(hub -> hub.id().node()).containsExactly("a", "b", "c");
        // With one neighbour a offers 10 + 8.2, b 5 + 13, c 8 + 8.
        assertThat(path.bestHub(0, 1)).isZero();
        assertThat(path.team(0, 1)).extracting(hub -> hub.id().node()).containsExactly("a", "c");
    }

    @Test
    void disNetDividesFourBlocks() {
        Plan plan = Instances.plan(
                new DisNet(),
                CHAIN.request(SimpleSplitsTest.cluster(Instances.PLENTY, 1e9, 1e9), Objective.LATENCY, "a"));

        // Layers 0, 4, 9 and 13 of VGG-16's 18 begin in blocks 0, 1, 2 and 2.
        assertThat(Instances.words(plan))
                .containsExactly(
                        "0-0 a/cpu[0,16) b/cpu[16,32)", "1-1 a/cpu[0,16) b/cpu[16,32)", "2-3 a/cpu[0,16) b/cpu[16,32)");
    }

    @Test
    void hiDpUsesAllCoreGroupsOfANode() {
        Plan rows = Instances.plan(new HiDp(), CHAIN.request(twoCoreGroups(), Objective.LATENCY, "gateway"));

        // One second's work of 4 at the rates 3 and 1 together, each layer by itself without halo rows.
        assertThat(rows.predicted().latencySeconds()).isCloseTo(1, within(1e-6));
        assertThat(Instances.words(rows).get(0)).isEqualTo("0-0 n/big[0,24) n/little[24,32)");
    }

    @Test
    void hiDpDividesOverNodesAndInsideThem() {
        List<Node> nodes = List.of(node("m"), node("n"));
        Topology fast = GraphFixtures.topology(nodes, 1e12, 0);
        Topology slow = GraphFixtures.topology(nodes, 200, 0);

        Plan latency = Instances.plan(new HiDp(), CHAIN.request(fast, Objective.LATENCY, "gateway"));
        Plan throughput = Instances.plan(new HiDp(), CHAIN.request(slow, Objective.THROUGHPUT, "gateway"));

        assertThat(latency.predicted().latencySeconds()).isCloseTo(0.5, within(1e-6));
        assertThat(Instances.words(latency).get(0))
                .isEqualTo("0-0 m/big[0,12) m/little[12,16) n/big[16,28) n/little[28,32)");
        // Two layers on each node. 32 rows of 4 bytes go in, and a row on each side of the cut between core groups
        // twice.
        assertThat(throughput.predicted().throughputPerSecond()).isCloseTo(200 / (34 * 4.0), within(1e-6));
    }

    private static double exact(LayerMapCosts costs, int[] map, int block) {
        if (block == map.length) {
            return costs.seconds(map);
        }
        double best = Double.POSITIVE_INFINITY;
        for (int group = 0; group < costs.groups(); group++) {
            map[block] = group;
            best = Math.min(best, exact(costs, map, block + 1));
        }
        return best;
    }

    private static double longest(double[] seconds, int... shares) {
        return IntStream.range(0, seconds.length)
                .mapToDouble(node -> shares[node] * seconds[node])
                .max()
                .orElseThrow();
    }

    private static Topology twoCoreGroups() {
        return GraphFixtures.topology(List.of(node("n")), 1e12, 0);
    }

    private static Node node(String id) {
        return new Node(
                id,
                Instances.PLENTY,
                List.of(GraphFixtures.group(id, "big", 3e9), GraphFixtures.group(id, "little", 1e9)));
    }
}
