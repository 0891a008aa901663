package dev.tandem.core.planner.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimpleSplitsTest {

    private static final Instances MODEL = Instances.input(8)
            .convolution(4)
            .convolution(4)
            .convolution(2)
            .convolution(2)
            .dense(2, 1);

    @Test
    void singleNodePrefersTheGraphicsProcessorOfTheGatewaysNode() {
        CoreGroup graphics = new CoreGroup(new CoreGroupId("a", "gpu"), CoreGroup.Kind.GPU, List.of(), 1, 1e9);
        Node a = new Node("a", Instances.PLENTY, List.of(GraphFixtures.group("a", "cpu", 2e9), graphics));
        Topology topology = GraphFixtures.topology(List.of(a, GraphFixtures.node("b", Instances.PLENTY, 9e9)), 1e9, 0);

        Plan plan = Instances.plan(new SingleNode(), MODEL.request(topology, Objective.LATENCY, "a"));

        assertThat(Instances.words(plan)).containsExactly("0-4 a/gpu");
        assertThat(plan.predicted().latencySeconds()).isEqualTo(13);
    }

    @Test
    void singleNodeTakesTheFastestNodeForAGatewayThatRunsNothing() {
        Plan plan = Instances.plan(new SingleNode(), request(Objective.LATENCY, 1e9, 3e9));

        assertThat(Instances.words(plan)).containsExactly("0-4 b/cpu");
    }

    @Test
    void evenRowsGiveEachNodeAsMany() {
        PlanRequest request = request(Objective.LATENCY, 1e9, 3e9);

        Plan even = Instances.plan(ShareRows.even(), request);
        Plan proportional = Instances.plan(ShareRows.proportional(), request);

        assertThat(Instances.words(even)).containsExactly("0-3 a/cpu[0,4) b/cpu[4,8)", "4-4 b/cpu");
        assertThat(Instances.words(proportional)).containsExactly("0-3 a/cpu[0,2) b/cpu[2,8)", "4-4 b/cpu");
        // Of 8 rows, node a computes 7, 6, 5 and 4: 4 * 7/8 + 4 * 6/8 + 2 * 5/8 + 2 * 4/8 seconds, then b the head.
        assertThat(even.predicted().latencySeconds()).isCloseTo(8.75 + 1.0 / 3, within(1e-6));
    }

    @Test
    void evenPipelineHasAsManyLayersInEachStage() {
        PlanRequest request = request(Objective.THROUGHPUT, 1e9, 3e9);

        Plan even = Instances.plan(SharePipeline.even(), request);
        Plan proportional = Instances.plan(SharePipeline.proportional(), request);

        // 5 layers: 2.5 lies as near to 2 as to 3. Of 13 seconds a quarter is 3.25: nearest after the first layer.
        assertThat(Instances.words(even)).containsExactly("0-1 a/cpu", "2-4 b/cpu");
        assertThat(Instances.words(proportional)).containsExactly("0-0 a/cpu", "1-4 b/cpu");
        assertThat(even.predicted().throughputPerSecond()).isCloseTo(1.0 / 8, within(1e-6));
        assertThat(proportional.predicted().throughputPerSecond()).isCloseTo(1.0 / 4, within(1e-6));
    }

    @Test
    void proportionalPipelineLooksBeyondLayersThatTakeNoTime() {
        Instances idle =
                Instances.input(8).convolution(1).relu(0).relu(0).convolution(1).convolution(2);
        PlanRequest request = idle.request(cluster(Instances.PLENTY, 1e9, 1e9), Objective.THROUGHPUT, "gateway");

        assertThat(Instances.words(Instances.plan(SharePipeline.proportional(), request)))
                .containsExactly("0-3 a/cpu", "4-4 b/cpu");
    }

    @Test
    void evenPipelineHasNoMoreStagesThanLayers() {
        Instances one = Instances.input(8).convolution(1);

        Plan plan = Instances.plan(
                SharePipeline.even(), one.request(cluster(Instances.PLENTY, 1e9, 1e9), Objective.LATENCY, "gateway"));

        assertThat(Instances.words(plan)).containsExactly("0-0 a/cpu");
    }

    @Test
    void randomSplitsDifferBySeedAndFit() {
        Topology topology = cluster(700, 1e9, 1e9, 1e9, 1e9);
        PlanRequest request = MODEL.request(topology, Objective.LATENCY, "gateway");

        assertThat(IntStream.range(0, 20)
                        .mapToObj(seed -> Instances.words(Instances.plan(new RandomSplit(seed), request)))
                        .distinct())
                .hasSizeGreaterThan(5);
    }

    @Test
    void greedySplitFollowsTheBestLinksFromTheBestStart() {
        // One byte less than all of the model takes: it is cut into two.
        Instances halving = Instances.input(64)
                .convolution(1)
                .pooling(0)
                .convolution(1)
                .pooling(0)
                .convolution(1);
        List<Link> links = new ArrayList<>(cluster(1, 1e9, 1e9, 1e9).links().stream()
                .filter(link -> link.from().equals("gateway") || link.to().equals("gateway"))
                .toList());
        links.add(new Link("a", "b", 10, 0));
        links.add(new Link("b", "a", 20, 0));
        links.add(new Link("a", "c", 40, 0));
        links.add(new Link("c", "a", 40, 0));
        links.add(new Link("b", "c", 80, 0));
        links.add(new Link("c", "b", 10, 0));
        PlanRequest plenty = halving.request(cluster(1, 1e9, 1e9, 1e9), Objective.LATENCY, "gateway");
        long all = plenty.cost().memoryBytes(plenty.graph().whole());
        Topology topology = new Topology(cluster(all - 1, 1e9, 1e9, 1e9).nodes(), links);

        Plan plan = Instances.plan(new GreedySplit(), halving.request(topology, Objective.LATENCY, "gateway"));

        // The cheapest single cut is behind the second pooling, 16 rows of 4 bytes; the best link is b to c.
        assertThat(Instances.words(plan)).containsExactly("0-3 b/cpu", "4-4 c/cpu");
    }

    @Test
    void greedySplitRefusesMorePartsThanNodes() {
        Topology one = cluster(150, 1e9);

        assertThat(((Refused) new GreedySplit().plan(MODEL.request(one, Objective.LATENCY, "gateway"))).reason())
                .startsWith("greedy: ")
                .contains("in the memory of the smallest node, 150 B");
    }

    private static PlanRequest request(Objective objective, double... rates) {
        return MODEL.request(cluster(Instances.PLENTY, rates), objective, "gateway");
    }

    /** Nodes a, b, c, ... of these rates, with links that cost nothing to speak of. */
    static Topology cluster(long memoryBytes, double... rates) {
        List<Node> nodes = IntStream.range(0, rates.length)
                .mapToObj(index -> GraphFixtures.node(String.valueOf((char) ('a' + index)), memoryBytes, rates[index]))
                .toList();
        return GraphFixtures.topology(nodes, 1e12, 0);
    }
}
