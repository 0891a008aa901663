package dev.tandem.core.planner.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every baseline, on random instances. */
class BaselinesTest {

    private static final long PLENTY = 1L << 40;
    private static final int SEEDS = 60;
    private static final double ROUNDING = 1 - 1e-9;

    @Test
    void everyPlanPassesTheCheckWithinTheNodesAllowed() {
        Map<String, Integer> planned = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            PlanRequest request = random(seed);
            for (Map.Entry<String, Planner> baseline : Baselines.all().entrySet()) {
                String where = baseline.getKey() + ", seed " + seed;
                PlanResult result = baseline.getValue().plan(request);
                if (result instanceof Planned found) {
                    planned.merge(baseline.getKey(), 1, Integer::sum);
                    assertThat(PlanCheck.problems(found.plan(), request.graph(), request.topology()))
                            .as(where)
                            .isEmpty();
                    assertThat(found.plan().predicted().latencySeconds())
                            .as(where)
                            .isFinite();
                    assertThat(nodes(found.plan())).as(where).isBetween(1L, (long) request.maxNodes());
                } else {
                    assertThat(((Refused) result).reason()).as(where).isNotBlank();
                }
            }
        }
        assertThat(planned.keySet()).isEqualTo(Baselines.all().keySet());
        assertThat(planned.values()).allMatch(count -> count > SEEDS / 4);
    }

    @Test
    void noPlanIsPredictedToDoMoreThanAllCoreGroupsTogetherCan() {
        for (int seed = 0; seed < SEEDS; seed++) {
            PlanRequest request = random(seed);
            double least = leastSeconds(request) * ROUNDING;
            for (Map.Entry<String, Planner> baseline : Baselines.all().entrySet()) {
                if (baseline.getValue().plan(request) instanceof Planned found) {
                    assertThat(1 / found.plan().predicted().throughputPerSecond())
                            .as("%s, seed %d", baseline.getKey(), seed)
                            .isGreaterThanOrEqualTo(least);
                    assertThat(found.plan().predicted().latencySeconds())
                            .as("%s, seed %d", baseline.getKey(), seed)
                            .isGreaterThanOrEqualTo(least);
                }
            }
        }
    }

    @Test
    void noChainOverNodesIsPredictedBetterThanTheExactOne() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ModelGraph chain = GraphFixtures.chain(random, 3 + random.nextInt(5), 16);
            PlanRequest request = request(random, chain, 1 + random.nextInt(4), seed % 2 == 0 ? PLENTY : 300_000);
            for (Map.Entry<String, Planner> baseline : Baselines.all().entrySet()) {
                if (baseline.getValue().plan(request) instanceof Planned found && isChainOfNodes(found.plan())) {
                    int stages = found.plan().lanes().get(0).stages().size();
                    PlanResult exact = new PipelinePlanner().plan(request.with(Scheme.PIPELINE, stages, 1));
                    assertThat(seconds(request, found.plan()))
                            .as("%s, seed %d", baseline.getKey(), seed)
                            .isGreaterThanOrEqualTo(seconds(request, ((Planned) exact).plan()) * ROUNDING);
                }
            }
        }
    }

    @Test
    void makesTheSamePlanTwice() {
        for (int seed = 0; seed < 5; seed++) {
            PlanRequest request = random(seed);
            List<PlanResult> once = plans(request);

            assertThat(plans(request)).as("seed %d", seed).isEqualTo(once);
        }
    }

    @Test
    void refusesWithAReasonWhereNothingFits() {
        Random random = new Random(1);
        ModelGraph graph = GraphFixtures.classifier(random, 4, 16);
        Topology tiny = GraphFixtures.topology(List.of(GraphFixtures.node("a", 10, 1e9)), 1e6, 0);
        PlanRequest request = new PlanRequest(
                graph, tiny, GraphFixtures.cost(random, graph, tiny), Objective.LATENCY, Scheme.AUTO, 3, 3, "gateway");

        Baselines.all().forEach((name, planner) -> {
            PlanResult result = planner.plan(request);
            assertThat(result).as(name).isInstanceOf(Refused.class);
            assertThat(((Refused) result).reason()).as(name).contains("memory");
        });
    }

    /** The time of all layers, were they spread over all core groups without loss. */
    private static double leastSeconds(PlanRequest request) {
        CoreGroup any = request.topology().coreGroups().get(0);
        ModelGraph graph = request.graph();
        double twice = request.cost().computeSeconds(any, graph.whole());
        double call = 0.0002;
        double rates = request.topology().coreGroups().stream()
                .mapToDouble(CoreGroup::multiplyAddsPerSecond)
                .sum();
        return (twice - call) * any.multiplyAddsPerSecond() / rates;
    }

    private static List<PlanResult> plans(PlanRequest request) {
        return Baselines.all().values().stream()
                .map(planner -> planner.plan(request))
                .toList();
    }

    private static boolean isChainOfNodes(Plan plan) {
        List<Stage> stages = plan.lanes().get(0).stages();
        return plan.lanes().size() == 1
                && stages.stream().allMatch(stage -> stage.shards().size() == 1)
                && nodes(plan) == stages.size();
    }

    private static long nodes(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
    }

    private static double seconds(PlanRequest request, Plan plan) {
        return request.objective().value(plan.predicted());
    }

    static PlanRequest random(int seed) {
        Random random = new Random(seed);
        ModelGraph graph = Stream.of(
                        GraphFixtures.chain(random, 2 + random.nextInt(8), 32),
                        GraphFixtures.branchy(random, 2 + random.nextInt(10), 32),
                        GraphFixtures.classifier(random, 2 + random.nextInt(8), 32))
                .toList()
                .get(seed % 3);
        return request(random, graph, 1 + random.nextInt(5), seed % 2 == 0 ? PLENTY : 400_000);
    }

    private static PlanRequest request(Random random, ModelGraph graph, int nodes, long mostMemoryBytes) {
        Topology topology = GraphFixtures.randomTopology(random, nodes, mostMemoryBytes);
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(random, graph, topology),
                random.nextBoolean() ? Objective.LATENCY : Objective.THROUGHPUT,
                Scheme.AUTO,
                1 + random.nextInt(nodes),
                4,
                random.nextBoolean() ? "gateway" : "node-0");
    }
}
