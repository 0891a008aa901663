package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplannerTest {

    private static final long PLENTY = 1L << 40;

    private final ModelGraph graph = GraphFixtures.chain(new Random(3), 16, 64);

    @Test
    void cutsAPipelineWhereItIsBestForTheRatesOfNow() {
        PlanRequest before = request(topology(4, 1), Objective.THROUGHPUT, Scheme.PIPELINE);
        PlanRequest now = request(topology(4, 0.25), Objective.THROUGHPUT, Scheme.PIPELINE);
        Plan old = plan(before);

        Plan adapted = Replanner.adapt(old, now, Constraints.NONE).orElseThrow();

        Plan anew = plan(now);
        Plan kept = Draft.ofLanes(now, old.scheme(), old.lanes());
        assertThat(adapted.predicted().throughputPerSecond())
                .isGreaterThan(kept.predicted().throughputPerSecond() * 1.2)
                .isCloseTo(anew.predicted().throughputPerSecond(), withinPercentage(10));
        assertThat(Draft.places(adapted)).isEqualTo(Draft.places(old));
    }

    @Test
    void sharesRowsAndWeighsLanesByTheRatesOfNow() {
        for (Scheme scheme : List.of(Scheme.ROWS, Scheme.LANES)) {
            PlanRequest now = request(topology(3, 0.3), Objective.THROUGHPUT, scheme);
            Plan old = plan(request(topology(3, 1), Objective.THROUGHPUT, scheme));

            Plan adapted = Replanner.adapt(old, now, Constraints.NONE).orElseThrow();

            assertThat(adapted.predicted().throughputPerSecond())
                    .as("%s", scheme)
                    .isGreaterThan(Draft.ofLanes(now, old.scheme(), old.lanes())
                                    .predicted()
                                    .throughputPerSecond()
                            * 1.2);
        }
    }

    @Test
    void keepsConstraints() {
        PlanRequest now = request(topology(3, 0.3), Objective.THROUGHPUT, Scheme.LANES);
        Plan old = plan(request(topology(3, 1), Objective.THROUGHPUT, Scheme.LANES));
        double best = Replanner.adapt(old, now, Constraints.NONE)
                .orElseThrow()
                .predicted()
                .throughputPerSecond();

        assertThat(Replanner.adapt(old, now, Constraints.NONE.withMinThroughputPerSecond(best)))
                .isPresent();
        assertThat(Replanner.adapt(old, now, Constraints.NONE.withMinThroughputPerSecond(best * 1.01)))
                .isEmpty();
        assertThat(Replanner.adapt(old, now, Constraints.NONE.withMaxNodes(2))).isEmpty();
    }

    @Test
    void isNeverWorseThanThePlanAsItWas() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelGraph any = GraphFixtures.branchy(random, 2 + random.nextInt(8), 32);
            Topology first = GraphFixtures.randomTopology(random, 4, PLENTY);
            Topology second = changed(random, first);
            Objective objective = seed % 2 == 0 ? Objective.LATENCY : Objective.THROUGHPUT;
            PlanRequest before = request(any, first, objective, Scheme.AUTO);
            PlanRequest now = request(any, second, objective, Scheme.AUTO);
            if (new DefaultPlanner().plan(before) instanceof Planned old) {
                Plan kept = Draft.ofLanes(now, old.plan().scheme(), old.plan().lanes());

                Plan adapted =
                        Replanner.adapt(old.plan(), now, Constraints.NONE).orElseThrow();

                assertThat(objective.value(adapted.predicted()))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(objective.value(kept.predicted()));
                assertThat(PlanCheck.problems(adapted, any, second)).isEmpty();
            }
        }
    }

    @Test
    void findsNothingWhereACoreGroupOfThePlanIsGone() {
        Plan old = plan(request(topology(3, 1), Objective.THROUGHPUT, Scheme.PIPELINE));

        Optional<Plan> adapted =
                Replanner.adapt(old, request(topology(2, 1), Objective.THROUGHPUT, Scheme.PIPELINE), Constraints.NONE);

        assertThat(adapted).isEmpty();
    }

    @Test
    void rejectsAPlanOfAnotherModel() {
        ModelGraph other = GraphFixtures.chain(new Random(4), 5, 64);
        Plan plan = plan(request(other, topology(2, 1), Objective.LATENCY, Scheme.SINGLE));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Replanner.adapt(
                        plan, request(topology(2, 1), Objective.LATENCY, Scheme.SINGLE), Constraints.NONE))
                .withMessageContaining("the plan must be one of model ");
    }

    /** Equal nodes but for the speed of the last one. */
    private static Topology topology(int size, double lastSpeed) {
        List<Node> nodes = new ArrayList<>();
        for (int node = 0; node < size; node++) {
            nodes.add(GraphFixtures.node("node-" + node, PLENTY, 1e9 * (node == size - 1 ? lastSpeed : 1)));
        }
        return GraphFixtures.topology(nodes, 1e9, 0.00001);
    }

    private static Topology changed(Random random, Topology topology) {
        List<Node> nodes = topology.nodes().stream()
                .map(node -> new Node(
                        node.id(),
                        node.memoryBytes(),
                        node.coreGroups().stream()
                                .map(group -> GraphFixtures.group(
                                        group.id().node(),
                                        group.id().group(),
                                        group.multiplyAddsPerSecond() * (0.3 + random.nextDouble())))
                                .toList()))
                .toList();
        return new Topology(nodes, topology.links());
    }

    private static Plan plan(PlanRequest request) {
        return ((Planned) new DefaultPlanner().plan(request)).plan();
    }

    private PlanRequest request(Topology topology, Objective objective, Scheme scheme) {
        return request(graph, topology, objective, scheme);
    }

    private static PlanRequest request(ModelGraph graph, Topology topology, Objective objective, Scheme scheme) {
        int nodes = topology.nodes().size();
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(5), graph, topology),
                objective,
                scheme,
                nodes,
                nodes,
                "gateway");
    }
}
