package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HaloOverlapTest {

    private static final long PLENTY = 1L << 40;
    private static final int SHARDS = 3;

    @Test
    void interiorsNeedNothingOfOtherNodes() {
        int interiors = 0;
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, 1e8).with(Halo.EXCHANGE);
            if (new DefaultPlanner().plan(request) instanceof Planned exchanged) {
                List<Stage> plain = stages(exchanged.plan());

                List<Stage> overlapped = HaloOverlap.everywhere(request.graph(), plain);

                Plan plan = Draft.plan(request, "rows", overlapped);
                assertThat(PlanCheck.problems(plan, request.graph(), request.topology()))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(HaloOverlap.undone(request.graph(), overlapped))
                        .as("seed %d", seed)
                        .isEqualTo(plain);
                interiors += interiors(seed, plan.lanes().get(0));
            }
        }
        assertThat(interiors).isGreaterThan(25);
    }

    /** Of each core group the first of several shards; returns how many there are. */
    private static int interiors(int seed, Lane lane) {
        int interiors = 0;
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            List<Shard> shards = lane.stages().get(stage).shards();
            for (int shard = 0; shard < shards.size(); shard++) {
                if (isFirstOfSeveral(shards, shard)) {
                    interiors++;
                    Endpoint interior = new Endpoint(stage, shard);
                    assertThat(lane.edges().stream()
                                    .filter(edge -> edge.consumer().equals(interior)))
                            .as("seed %d, %s", seed, interior)
                            .isNotEmpty()
                            .allMatch(edge -> isInside(lane, edge));
                }
            }
        }
        return interiors;
    }

    private static boolean isFirstOfSeveral(List<Shard> shards, int shard) {
        List<Integer> same = IntStream.range(0, shards.size())
                .filter(other ->
                        shards.get(other).place().equals(shards.get(shard).place()))
                .boxed()
                .toList();
        return same.size() > 1 && same.get(0) == shard;
    }

    private static boolean isInside(Lane lane, Edge edge) {
        return !edge.producer().isGateway()
                && lane.shard(edge.producer())
                        .place()
                        .node()
                        .equals(lane.shard(edge.consumer()).place().node());
    }

    @Test
    void isChosenWhereLinksAreSlowAndNeverWorse() {
        int chosen = 0;
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, 1e6).with(Halo.EXCHANGE);
            if (new DefaultPlanner().plan(request) instanceof Planned exchanged) {
                Plan plain = exchanged.plan();

                Plan best = HaloOverlap.whereItPays(request, "rows", stages(plain));

                assertThat(best.predicted().latencySeconds())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(plain.predicted().latencySeconds());
                chosen += best.equals(plain) ? 0 : 1;
            }
        }
        assertThat(chosen).isGreaterThan(8);
    }

    @Test
    void isNotChosenWhereThereIsNoMemoryForIt() {
        int chosen = 0;
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, 1e6);
            if (new DefaultPlanner().plan(request) instanceof Planned roomy && hasOverlap(roomy.plan())) {
                Plan plain = Draft.plan(request, "rows", HaloOverlap.undone(request.graph(), stages(roomy.plan())));
                PlanRequest tight = request.on(GraphFixtures.withMemoryOf(request.topology(), plain, 1));

                assertThat(new DefaultPlanner().plan(tight))
                        .as("seed %d", seed)
                        .isInstanceOfSatisfying(
                                Planned.class, planned -> assertThat(Draft.lacking(tight, planned.plan()))
                                        .isEmpty());
                chosen++;
            }
        }
        assertThat(chosen).isGreaterThan(3);
    }

    @Test
    void staysWhenRowsAreSharedByTheRatesOfNow() {
        int overlapped = 0;
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, 5e6).with(Halo.OVERLAP);
            PlanRequest now = request.on(topology(5e6, 0.3));
            if (new DefaultPlanner().plan(request) instanceof Planned old) {
                Plan kept = Draft.ofLanes(now, old.plan().scheme(), old.plan().lanes());

                Plan adapted =
                        Replanner.adapt(old.plan(), now, Constraints.NONE).orElseThrow();

                assertThat(PlanCheck.problems(adapted, now.graph(), now.topology()))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(adapted.predicted().latencySeconds())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(kept.predicted().latencySeconds());
                boolean isSharedAnew = !HaloOverlap.undone(now.graph(), stages(adapted))
                        .equals(HaloOverlap.undone(now.graph(), stages(kept)));
                boolean isOverlapped = interiors(seed, adapted.lanes().get(0)) > 0;
                overlapped += isSharedAnew && isOverlapped ? 1 : 0;
            }
        }
        assertThat(overlapped).as("shared anew, with interiors").isGreaterThan(8);
    }

    @Test
    void isDoneAgainWhereItWasAndNotWhereItPaysNoMore() {
        int shared = 0;
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = request(seed, 1e6).with(Halo.EXCHANGE);
            if (new DefaultPlanner().plan(request) instanceof Planned exchanged) {
                Plan plain = exchanged.plan();
                Plan old = HaloOverlap.whereItPays(request, "rows", stages(plain));
                for (double bytesPerSecond : List.of(1e6, 1e9)) {
                    PlanRequest now = request.on(topology(bytesPerSecond, 0.3));

                    Plan adapted = Replanner.adapt(old, now, Constraints.NONE).orElseThrow();

                    assertThat(overlapped(old)).as("seed %d", seed).containsAll(overlapped(adapted));
                    Plan without = Replanner.adapt(plain, now, Constraints.NONE).orElseThrow();
                    if (!stages(without).equals(stages(plain))) {
                        assertThat(adapted.predicted().latencySeconds())
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(without.predicted().latencySeconds());
                        shared++;
                    }
                }
            }
        }
        assertThat(shared).isGreaterThan(20);
    }

    private static boolean hasOverlap(Plan plan) {
        return !overlapped(plan).isEmpty();
    }

    /** Stages of which a core group has several shards. */
    private static List<Integer> overlapped(Plan plan) {
        List<Stage> stages = stages(plan);
        return IntStream.range(0, stages.size())
                .filter(stage ->
                        places(stages.get(stage)) < stages.get(stage).shards().size())
                .boxed()
                .toList();
    }

    private static long places(Stage stage) {
        return stage.shards().stream().map(Shard::place).distinct().count();
    }

    private static List<Stage> stages(Plan plan) {
        return plan.lanes().get(0).stages();
    }

    private static PlanRequest request(int seed, double bytesPerSecond) {
        Random random = new Random(seed);
        ModelGraph graph = GraphFixtures.classifier(random, 3 + random.nextInt(8), 32);
        Topology topology = topology(bytesPerSecond, 1);
        CostModel cost = GraphFixtures.cost(random, graph, topology);
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, Scheme.ROWS, SHARDS, SHARDS, "n1");
    }

    /** Unequal nodes, the last of which has such a part of its speed. */
    private static Topology topology(double bytesPerSecond, double lastSpeed) {
        return GraphFixtures.topology(
                IntStream.rangeClosed(1, SHARDS)
                        .mapToObj(node -> GraphFixtures.node(
                                "n" + node, PLENTY, (1 + 0.3 * node) * 1e9 * (node == SHARDS ? lastSpeed : 1)))
                        .toList(),
                bytesPerSecond,
                1e-4);
    }
}
