package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.PlanExplanation.PieceTime;
import dev.tandem.core.cost.PlanExplanation.ShardTime;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.LanesPlanner;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.RowsPlanner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.topology.Topology;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanExplainerTest {

    private static final List<Planner> PLANNERS =
            List.of(new SinglePlanner(), new PipelinePlanner(), new RowsPlanner(), new LanesPlanner());

    @Test
    void addsUpToWhatTheScorerPredicts() {
        int explained = 0;
        for (int seed = 0; seed < 40; seed++) {
            Planner planner = PLANNERS.get(seed % PLANNERS.size());
            PlanRequest request = request(new Random(seed));
            if (planner.plan(request) instanceof Planned planned) {
                explained++;
                assertAddsUp("seed " + seed, planned.plan(), explain(request, planned.plan()));
            }
        }
        assertThat(explained).isGreaterThan(20);
    }

    @Test
    void saysWhenEachPartOfAChainBeginsAndEnds() {
        PlanRequest request = request(new Random(1));
        Plan plan = ((Planned) new PipelinePlanner().plan(request)).plan();

        PlanExplanation explained = explain(request, plan);

        PieceTime first = explained.pieces().get(0);
        assertThat(first.producer()).isEqualTo(Endpoint.GATEWAY);
        assertThat(first.departSeconds()).isZero();
        assertThat(first.bytes()).isEqualTo(request.graph().inputBytes());
        assertThat(first.linkSeconds()).isLessThanOrEqualTo(first.arriveSeconds());
        ShardTime begun = explained.shards().get(0);
        assertThat(begun.beginSeconds()).isEqualTo(first.arriveSeconds());
        assertThat(begun.place())
                .isEqualTo(plan.lanes().get(0).shard(new Endpoint(0, 0)).place());
        assertThat(explained.shards().get(1).beginSeconds()).isGreaterThanOrEqualTo(begun.endSeconds());
    }

    private static void assertAddsUp(String name, Plan plan, PlanExplanation explained) {
        double throughput = plan.predicted().throughputPerSecond();
        assertThat(explained.periodSeconds() * throughput).as(name).isCloseTo(1, within(1e-9));
        assertThat(explained.bottleneck().toString())
                .as(name)
                .isEqualTo(plan.predicted().bottleneck());
        assertThat(explained.resources())
                .as(name)
                .contains(explained.bottleneck())
                .allMatch(load -> explained.share(load) <= 1);
        assertThat(latency(plan, explained)).as(name).isCloseTo(plan.predicted().latencySeconds(), within(1e-9));
        assertThat(explained.nodes().stream()
                        .mapToLong(PlanExplanation.NodeUse::neededBytes)
                        .sum())
                .as(name)
                .isEqualTo(plan.predicted().shards().stream()
                        .mapToLong(shard -> shard.memoryBytes())
                        .sum());
        Energy energy = plan.predicted().energy().orElseThrow();
        assertThat(explained.nodes().stream()
                        .map(node -> node.energy().orElseThrow())
                        .mapToDouble(joules -> joules.activeJoules() + joules.idleRequestJoules())
                        .sum())
                .as(name)
                .isCloseTo(energy.requestJoules(), within(1e-9 * energy.requestJoules()));
        assertThat(explained.nodes().stream()
                        .map(node -> node.energy().orElseThrow())
                        .mapToDouble(joules -> joules.activeJoules() + joules.idleStreamJoules())
                        .sum())
                .as(name)
                .isCloseTo(energy.streamJoules(), within(1e-9 * energy.streamJoules()));
    }

    private static double latency(Plan plan, PlanExplanation explained) {
        double weights =
                plan.lanes().stream().mapToDouble(lane -> lane.weight()).sum();
        double latency = 0;
        for (int index = 0; index < plan.lanes().size(); index++) {
            int lane = index;
            double last = explained.pieces().stream()
                    .filter(piece -> piece.lane() == lane && piece.consumer().isGateway())
                    .map(PieceTime::arriveSeconds)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            latency += last * plan.lanes().get(lane).weight() / weights;
        }
        return latency;
    }

    private static PlanExplanation explain(PlanRequest request, Plan plan) {
        return request.explainer().explain(plan);
    }

    private static PlanRequest request(Random random) {
        ModelGraph graph = GraphFixtures.branchy(random, 6, 32);
        Topology topology = GraphFixtures.powered(GraphFixtures.randomTopology(random, 3, 1L << 30), random);
        CostModel cost = new CostModel(
                graph, GraphFixtures.times(random, graph), GraphFixtures.REFERENCE_RATE, topology, RuntimeCosts.NONE);
        return new PlanRequest(graph, topology, cost, Objective.THROUGHPUT, Scheme.AUTO, 2, 2, "gateway");
    }
}
