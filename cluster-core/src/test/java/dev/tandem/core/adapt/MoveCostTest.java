package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MoveCostTest {

    private static final double BANDWIDTH = 1e6;

    private final ModelGraph graph = GraphFixtures.chain(new Random(5), 12, 32);
    private final int layers = graph.layers().size();

    @Test
    void countsTheWeightsThatNodesLack() {
        Plan inPlace = pipeline(4);
        Plan other = pipeline(8);

        assertThat(MoveCost.missingBytes(graph, inPlace, other, "a")).isEqualTo(weights(4, 8));
        assertThat(MoveCost.missingBytes(graph, inPlace, other, "b")).isZero();
        assertThat(MoveCost.seconds(graph, inPlace, other, topology(1L << 40), "b"))
                .isEqualTo(weights(4, 8) / BANDWIDTH);
        assertThat(MoveCost.seconds(graph, inPlace, other, topology(1L << 40), "a"))
                .as("what is there already is not sent")
                .isZero();
    }

    @Test
    void namesTheNodeThatCannotHoldBoth() {
        Plan inPlace = pipeline(4);
        Plan other = pipeline(8);
        long both = inPlace.memoryBytes("a") + other.memoryBytes("a");

        assertThat(MoveCost.lack(List.of(inPlace), other, topology(1L << 40))).isEmpty();
        assertThat(MoveCost.lack(List.of(inPlace), other, topology(both))).isEmpty();
        assertThat(MoveCost.lack(List.of(inPlace), other, topology(both - 1)))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("node a has " + Draft.bytes(both - 1) + ", together with what is in place it needs "
                                + Draft.bytes(both)));
    }

    @Test
    void countsOnceWhatBothPlansCompute() {
        Plan plan = pipeline(4);
        long once = plan.memoryBytes("a");

        assertThat(MoveCost.lack(List.of(plan), plan, topology(Math.max(once, plan.memoryBytes("b")))))
                .isEmpty();
        assertThat(MoveCost.lack(List.of(plan), pipeline(8), topology(once))).isPresent();
    }

    @Test
    void leavesWhatPlansDoNotHold() {
        Plan plan = pipeline(4);
        long held = plan.memoryBytes("a");

        assertThat(MoveCost.left(List.of(plan, plan), topology(2 * held + 7))
                        .node("a")
                        .orElseThrow()
                        .memoryBytes())
                .isEqualTo(7);
        assertThat(MoveCost.left(List.of(plan), topology(held - 1))
                        .node("a")
                        .orElseThrow()
                        .memoryBytes())
                .isZero();
    }

    private long weights(int from, int to) {
        return graph.layers().subList(from, to).stream()
                .mapToLong(Layer::weightBytes)
                .sum();
    }

    /** Two stages, the second from this layer on. */
    private Plan pipeline(int cut) {
        Topology topology = topology(1L << 40);
        PlanRequest request = new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(6), graph, topology),
                Objective.LATENCY,
                Scheme.PIPELINE,
                2,
                1,
                "a");
        return Draft.plan(request, "pipeline", List.of(stage(0, cut, "a"), stage(cut, layers, "b")));
    }

    private Stage stage(int from, int to, String node) {
        return Draft.undivided(graph, new Segment(from, to), new CoreGroupId(node, "cpu"));
    }

    private static Topology topology(long memoryBytes) {
        List<Node> nodes =
                List.of(GraphFixtures.node("a", memoryBytes, 1e9), GraphFixtures.node("b", memoryBytes, 1e9));
        return GraphFixtures.topology(nodes, BANDWIDTH, 0);
    }
}
