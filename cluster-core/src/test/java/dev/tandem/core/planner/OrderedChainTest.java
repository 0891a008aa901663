package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderedChainTest {

    private static final long PLENTY = 1L << 40;

    @Test
    void findsOverAllOrdersWhatTheSearchOverSetsFinds() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.branchy(random, 3 + random.nextInt(6), 32);
            Topology topology =
                    GraphFixtures.randomTopology(random, 1 + random.nextInt(4), seed % 2 == 0 ? PLENTY : 100_000);
            PlanRequest request = new PlanRequest(
                    graph,
                    topology,
                    GraphFixtures.cost(random, graph, topology),
                    Objective.THROUGHPUT,
                    Scheme.PIPELINE,
                    1,
                    1,
                    "gateway");

            double least = least(request, new ArrayList<>(), topology.nodes());

            assertThat(least).as("seed %d", seed).isCloseTo(expected(request), within(1e-12));
        }
    }

    private static double expected(PlanRequest request) {
        ChainProblem problem = new ChainProblem(request);
        int most = Math.min(problem.nodes().size(), problem.cuts() + 1);
        ChainSearch search = new ChainSearch(problem.bottleneck(ChainProblem.Links.ALL_LATER), most);
        double least = Double.POSITIVE_INFINITY;
        for (int stages = 1; stages <= most; stages++) {
            least = Math.min(least, search.cost(stages));
        }
        return least == Double.POSITIVE_INFINITY ? 0 : least;
    }

    private static double least(PlanRequest request, List<Node> order, List<Node> left) {
        if (left.isEmpty()) {
            ChainCosts costs =
                    new ChainProblem(request, order, new CutCosts(request)).bottleneck(ChainProblem.Links.ALL_LATER);
            return new OrderedChain(costs)
                    .chain()
                    .map(chain -> OrderedChain.cost(costs, chain))
                    .orElse(0.0);
        }
        double least = Double.POSITIVE_INFINITY;
        for (Node next : left) {
            List<Node> longer = new ArrayList<>(order);
            longer.add(next);
            List<Node> others = left.stream().filter(node -> !node.equals(next)).toList();
            least = Math.min(least, least(request, longer, others));
        }
        return least;
    }
}
