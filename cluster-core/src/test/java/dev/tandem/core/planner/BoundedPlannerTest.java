package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedPlannerTest {

    private static final long PLENTY = 1L << 40;
    private static final int NODES = 4;

    private final DefaultPlanner planner = new DefaultPlanner();

    @Test
    void isThePlannerItselfWithoutBounds() {
        PlanRequest request = request(1, Objective.THROUGHPUT, Scheme.AUTO, NODES);

        assertThat(plan(request, PlanBounds.NONE)).isEqualTo(planner.plan(request));
    }

    @Test
    void findsAPlanWithinTheLatencyWheneverThereIsOne() {
        int tightened = 0;
        for (int seed = 0; seed < 60; seed++) {
            PlanRequest request = request(seed, Objective.THROUGHPUT, Scheme.AUTO, NODES);
            double best = latency(planner.plan(request));
            double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));
            double bound = (best + least) / 2;

            PlanResult bounded = plan(request, new PlanBounds(NODES, bound));

            assertThat(latency(bounded)).as("seed %d", seed).isLessThanOrEqualTo(bound * (1 + 1e-12));
            tightened += best > bound ? 1 : 0;
        }
        assertThat(tightened).isPositive();
    }

    @Test
    void refusesALatencyBelowTheLeastAndNamesBoth() {
        PlanRequest request = request(3, Objective.THROUGHPUT, Scheme.AUTO, NODES);
        double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));

        PlanResult bounded = plan(request, new PlanBounds(NODES, least / 2));

        assertThat(((Refused) bounded).reason())
                .matches("one request would take .* ms, longer than the .* ms that it may"
                        + " take; the least is .* ms");
    }

    @Test
    void usesNoMoreNodesThanAllowed() {
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, Objective.THROUGHPUT, Scheme.AUTO, NODES);

            PlanResult bounded = plan(request, new PlanBounds(2, Double.POSITIVE_INFINITY));

            assertThat(nodes(((Planned) bounded).plan())).as("seed %d", seed).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void refusesADivisionThatWasAskedForAndIsTooWide() {
        PlanRequest pipeline = request(1, Objective.THROUGHPUT, Scheme.PIPELINE, 3);
        PlanRequest rows = request(1, Objective.THROUGHPUT, Scheme.ROWS, 3);

        assertThat(plan(pipeline, new PlanBounds(2, 1)))
                .isEqualTo(new Refused(
                        "pipeline over 3 nodes exceeds the 2 nodes that a plan may use. Maybe allow more."));
        assertThat(plan(rows, new PlanBounds(2, Double.POSITIVE_INFINITY)))
                .isEqualTo(new Refused("the plan uses 3 nodes, more than the 2 that it may use. Maybe allow more."));
    }

    private PlanResult plan(PlanRequest request, PlanBounds bounds) {
        return new BoundedPlanner(planner, bounds).plan(request);
    }

    private static double latency(PlanResult result) {
        return ((Planned) result).plan().predicted().latencySeconds();
    }

    private static long nodes(Plan plan) {
        return plan.lanes().get(0).stages().stream()
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
    }

    private static PlanRequest request(int seed, Objective objective, Scheme scheme, int maxNodes) {
        Random random = new Random(seed);
        ModelGraph graph = GraphFixtures.branchy(random, 12, 64);
        List<Node> nodes = IntStream.range(0, NODES)
                .mapToObj(node -> GraphFixtures.node("node-" + node, PLENTY, GraphFixtures.REFERENCE_RATE))
                .toList();
        Topology topology = GraphFixtures.topology(nodes, 1e8, 1e-5);
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(random, graph, topology),
                objective,
                scheme,
                maxNodes,
                maxNodes,
                "gateway");
    }
}
