package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedPlannerTest {

    private static final long PLENTY = 1L << 40;
    private static final int NODES = 4;

    private final DefaultPlanner planner = new DefaultPlanner();

    @Test
    void isThePlannerItselfWithoutBounds() {
        PlanRequest request = request(1, Objective.THROUGHPUT, Scheme.AUTO, NODES);

        assertThat(plan(request, Constraints.NONE)).isEqualTo(planner.plan(request));
    }

    @Test
    void findsAPlanWithinTheLatencyWheneverThereIsOne() {
        int tightened = 0;
        for (int seed = 0; seed < 60; seed++) {
            PlanRequest request = request(seed, Objective.THROUGHPUT, Scheme.AUTO, NODES);
            double best = latency(planner.plan(request));
            double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));
            double bound = (best + least) / 2;

            PlanResult bounded = plan(request, Constraints.NONE.withMaxLatencySeconds(bound));

            assertThat(latency(bounded)).as("seed %d", seed).isLessThanOrEqualTo(bound * (1 + 1e-12));
            tightened += best > bound ? 1 : 0;
        }
        assertThat(tightened).isPositive();
    }

    @Test
    void answersWhatWasAskedWhenItTakesAPlanOfAnotherAim() {
        PlanRequest request = powered(3, Objective.THROUGHPUT);
        Planned best = (Planned) planner.plan(request);
        double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));

        Planned bounded = (Planned) plan(request, Constraints.NONE.withMaxLatencySeconds(least));

        assertThat(latency(best)).isGreaterThan(least);
        assertThat(bounded.lowerBound()).isEqualTo(best.lowerBound());
        assertThat(bounded.explanation())
                .startsWith(
                        "the best found within the bounds; of what would be better without them, one request would take")
                .contains("longer than the");
        assertThat(bounded.considered()).containsAll(best.considered());
    }

    @Test
    void givesEachPlanThatItLooksForAsMuchTime() {
        PlanRequest request = request(3, Objective.THROUGHPUT, Scheme.AUTO, NODES);
        double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));
        AtomicInteger renewed = new AtomicInteger();

        plan(request.within(new CountedBudget(renewed)), Constraints.NONE.withMaxLatencySeconds(least));

        assertThat(renewed).hasValue(NODES);
    }

    /** A budget without end. */
    private record CountedBudget(AtomicInteger timesRenewed) implements PlanBudget {

        @Override
        public boolean isSpent() {
            return false;
        }

        @Override
        public PlanBudget renewed() {
            timesRenewed.incrementAndGet();
            return this;
        }
    }

    @Test
    void refusesALatencyBelowTheLeastAndNamesBoth() {
        PlanRequest request = request(3, Objective.THROUGHPUT, Scheme.AUTO, NODES);
        double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));

        PlanResult bounded = plan(request, Constraints.NONE.withMaxLatencySeconds(least / 2));

        assertThat(((Refused) bounded).reason())
                .matches("one request would take .* ms, longer than the .* ms that it may"
                        + " take; the least is .* ms");
    }

    @Test
    void usesNoMoreNodesThanAllowed() {
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, Objective.THROUGHPUT, Scheme.AUTO, NODES);

            PlanResult bounded = plan(request, Constraints.NONE.withMaxNodes(2));

            assertThat(nodes(((Planned) bounded).plan())).as("seed %d", seed).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void refusesADivisionThatWasAskedForAndIsTooWide() {
        PlanRequest pipeline = request(1, Objective.THROUGHPUT, Scheme.PIPELINE, 3);
        PlanRequest rows = request(1, Objective.THROUGHPUT, Scheme.ROWS, 3);

        assertThat(plan(pipeline, Constraints.NONE.withMaxNodes(2).withMaxLatencySeconds(1)))
                .isEqualTo(new Refused(
                        "pipeline over 3 nodes exceeds the 2 nodes that a plan may use. Maybe allow more."));
        assertThat(plan(rows, Constraints.NONE.withMaxNodes(2)))
                .isEqualTo(new Refused("the plan uses 3 nodes, more than the 2 that it may use. Maybe allow more."));
    }

    @Test
    void findsAPlanWithTheThroughputWheneverThereIsOne() {
        int tightened = 0;
        for (int seed = 0; seed < 40; seed++) {
            PlanRequest request = request(seed, Objective.LATENCY, Scheme.AUTO, NODES);
            double best = throughput(planner.plan(request));
            double most = throughput(planner.plan(request.with(Objective.THROUGHPUT, NODES)));
            double bound = (best + most) / 2;

            PlanResult bounded = plan(request, Constraints.NONE.withMinThroughputPerSecond(bound));

            assertThat(throughput(bounded)).as("seed %d", seed).isGreaterThanOrEqualTo(bound * (1 - 1e-12));
            tightened += best < bound ? 1 : 0;
        }
        assertThat(tightened).isPositive();
    }

    @Test
    void findsAPlanOfTheEnergyWheneverThereIsOne() {
        int tightened = 0;
        for (int seed = 0; seed < 40; seed++) {
            PlanRequest request = powered(seed, Objective.THROUGHPUT);
            double best = joules(planner.plan(request));
            double least = joules(planner.plan(request.with(Objective.ENERGY, NODES)));
            double bound = (best + least) / 2;

            PlanResult bounded = plan(request, Constraints.NONE.withMaxEnergyJoules(bound));

            assertThat(joules(bounded)).as("seed %d", seed).isLessThanOrEqualTo(bound * (1 + 1e-12));
            tightened += best > bound ? 1 : 0;
        }
        assertThat(tightened).isPositive();
    }

    @Test
    void refusesAThroughputOrAnEnergyOutOfReachAndNamesWhatCanBeHad() {
        PlanRequest request = powered(3, Objective.LATENCY);

        assertThat(refusal(request, Constraints.NONE.withMinThroughputPerSecond(1e6)))
                .matches("the plan would answer .* requests per second, fewer than the 1000000.000 requests per second"
                        + " that it must; the most is .* requests per second");
        assertThat(refusal(request, Constraints.NONE.withMaxEnergyJoules(1e-9)))
                .matches("one request would take .* mJ, more than the 0.000 mJ that it may take; the least is .* mJ");
    }

    @Test
    void namesAllBoundsThatCannotBeKeptTogether() {
        PlanRequest request = powered(3, Objective.THROUGHPUT);
        double least = latency(planner.plan(request.with(Objective.LATENCY, NODES)));
        double most = throughput(planner.plan(request));
        Constraints both = Constraints.NONE.withMaxLatencySeconds(least).withMinThroughputPerSecond(most * (1 - 1e-9));

        assertThat(refusal(request, both))
                .matches(
                        "each bound can be kept, but no plan that was looked at keeps all: latency at most .* ms \\(the"
                                + " least is .* ms\\), throughput at least .* requests per second \\(the most is .* requests per"
                                + " second\\). Maybe loosen one of them.");
    }

    @Test
    void refusesABoundOnEnergyWhereTheNodesHaveNoPower() {
        PlanRequest request = request(1, Objective.THROUGHPUT, Scheme.AUTO, NODES);

        assertThat(refusal(request, Constraints.NONE.withMaxEnergyJoules(1)))
                .isEqualTo("a bound on energy needs the power of every node, but that of node-0, node-1, node-2, node-3"
                        + " is not known. Maybe say what their core groups draw idle and busy.");
    }

    @Test
    void refusesConstraintsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constraints.NONE.withMaxNodes(0))
                .withMessage("maxNodes (0) must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constraints.NONE.withMaxLatencySeconds(0))
                .withMessageContaining("maxLatencySeconds (0.0) and maxEnergyJoules (Infinity) must be above 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Constraints.NONE.withMaxEnergyJoules(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constraints.NONE.withMinThroughputPerSecond(Double.POSITIVE_INFINITY))
                .withMessageContaining("minThroughputPerSecond (Infinity) must be finite");
    }

    private String refusal(PlanRequest request, Constraints constraints) {
        return ((Refused) plan(request, constraints)).reason();
    }

    private static double throughput(PlanResult result) {
        return ((Planned) result).plan().predicted().throughputPerSecond();
    }

    private static double joules(PlanResult result) {
        return ((Planned) result).plan().predicted().energy().orElseThrow().requestJoules();
    }

    private PlanResult plan(PlanRequest request, Constraints constraints) {
        return new BoundedPlanner(planner, constraints).plan(request);
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

    /** Unequal power, so that energy is another thing than time. */
    private static PlanRequest powered(int seed, Objective objective) {
        PlanRequest request = request(seed, objective, Scheme.AUTO, NODES);
        Topology topology = GraphFixtures.powered(request.topology(), new Random(seed));
        return new PlanRequest(
                request.graph(),
                topology,
                GraphFixtures.cost(new Random(seed), request.graph(), topology),
                objective,
                Scheme.AUTO,
                NODES,
                NODES,
                "gateway");
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
