package dev.tandem.core.planner.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.planner.BoundedPlanner;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanReasonsTest {

    private static final long PLENTY = 1L << 30;

    private final Planner planner = new DefaultPlanner();

    @ParameterizedTest
    @EnumSource(Objective.class)
    void setsTheBestOfEverySchemeBesideThePlan(Objective objective) {
        PlanRequest request = request(3, PLENTY, objective, Scheme.AUTO);

        PlanReasons reasons = reasons(request, Constraints.NONE);

        assertThat(reasons.lowerBound()).isPositive().isLessThanOrEqualTo(reasons.value());
        assertThat(reasons.gap()).isNotNegative();
        assertThat(reasons.schemes())
                .extracting(SchemeOutcome::scheme)
                .containsExactlyInAnyOrder("single", "pipeline", "rows", "hybrid", "lanes", "published");
        assertThat(reasons.schemes().stream().filter(SchemeOutcome::isChosen)).hasSize(1);
        assertThat(reasons.schemes())
                .allSatisfy(scheme -> assertThat(scheme.ratio().orElseThrow()).isGreaterThanOrEqualTo(1 - 1e-9))
                .allSatisfy(scheme -> assertThat(scheme.reason())
                        .isEqualTo(scheme.predicted().orElseThrow().bottleneck()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheme.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GRID", "CHANNELS", "BATCH"})
    void findsTheOthersForAnyScheme(Scheme scheme) {
        PlanRequest request = request(3, PLENTY, Objective.LATENCY, scheme);

        PlanReasons reasons = reasons(request, Constraints.NONE);

        assertThat(reasons.schemes())
                .extracting(SchemeOutcome::scheme)
                .contains("single", "pipeline", "rows", "hybrid", "lanes", "published");
        assertThat(reasons.schemes().stream().filter(SchemeOutcome::isChosen)).hasSize(1);
    }

    @Test
    void findsTheOthersWhereHalosAreAskedFor() {
        PlanRequest request = request(3, PLENTY, Objective.LATENCY, Scheme.ROWS).with(Halo.EXCHANGE);

        PlanReasons reasons = reasons(request, Constraints.NONE);

        assertThat(List.of("single", "pipeline", "hybrid", "lanes"))
                .allSatisfy(scheme ->
                        assertThat(outcome(reasons, scheme).predicted()).isPresent());
    }

    @Test
    void saysWhyASchemeHasNoPlan() {
        PlanReasons reasons = reasons(request(1, PLENTY, Objective.THROUGHPUT, Scheme.AUTO), Constraints.NONE);

        assertThat(outcome(reasons, "pipeline").reason()).contains("2 stages need as many nodes, but there are 1");
        assertThat(outcome(reasons, "rows").reason()).contains("2 shards need as many core groups, but there are 1");
        assertThat(outcome(reasons, "lanes").reason()).contains("two lanes need two core groups");
        assertThat(outcome(reasons, "lanes").predicted()).isEmpty();
    }

    @Test
    void namesTheBoundThatABetterOneBreaks() {
        PlanRequest request = request(3, PLENTY, Objective.THROUGHPUT, Scheme.AUTO);
        double least = ((Planned) planner.plan(request(3, PLENTY, Objective.LATENCY, Scheme.AUTO)))
                .plan()
                .predicted()
                .latencySeconds();
        Constraints tight = Constraints.NONE.withMaxLatencySeconds(least * 1.001);

        PlanReasons reasons = reasons(request, tight);

        assertThat(reasons.schemes())
                .anySatisfy(scheme -> assertThat(scheme.reason()).contains("longer than the "))
                .filteredOn(SchemeOutcome::isChosen)
                .singleElement()
                .satisfies(scheme -> assertThat(scheme.reason()).doesNotContain("longer than"));
    }

    private PlanReasons reasons(PlanRequest request, Constraints constraints) {
        Planned planned = (Planned) new BoundedPlanner(planner, constraints).plan(request);
        return PlanReasons.of(planner, request, constraints, planned);
    }

    private static SchemeOutcome outcome(PlanReasons reasons, String scheme) {
        return reasons.schemes().stream()
                .filter(outcome -> outcome.scheme().equals(scheme))
                .findFirst()
                .orElseThrow();
    }

    private static PlanRequest request(int nodes, long memory, Objective objective, Scheme scheme) {
        ModelGraph graph = GraphFixtures.branchy(new Random(2), 12, 64);
        List<Node> machines = IntStream.range(0, nodes)
                .mapToObj(node -> GraphFixtures.node("node-" + node, memory, 1e9 * (node + 1)))
                .toList();
        Topology topology =
                GraphFixtures.powered(GraphFixtures.topology(machines, 1e8, 1e-4), NodePower.NONE, new Power(1, 5));
        CostModel cost = new CostModel(
                graph,
                GraphFixtures.times(new Random(2), graph),
                GraphFixtures.REFERENCE_RATE,
                topology,
                RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, objective, scheme, nodes, nodes, "gateway");
    }
}
