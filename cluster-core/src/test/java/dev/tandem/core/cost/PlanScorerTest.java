package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.EdgeDerivation;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two element-wise layers of 1 s and 3 s on tensors of 1000 bytes; links of 1000 bytes per second and 0.5 s. */
class PlanScorerTest {

    private final ModelGraph graph = graph();
    private final Topology topology = GraphFixtures.topology(
            List.of(
                    GraphFixtures.node("a", 1 << 20, GraphFixtures.REFERENCE_RATE),
                    GraphFixtures.node("b", 1 << 20, 2 * GraphFixtures.REFERENCE_RATE)),
            1000,
            0.5);
    private final CostModel cost = new CostModel(
            graph,
            new LayerTimes("digest", List.of(1.0, 3.0)),
            GraphFixtures.REFERENCE_RATE,
            topology,
            RuntimeCosts.NONE);
    private final PlanScorer scorer = new PlanScorer(cost, "gateway");

    @Test
    void addsComputingAndTransfersOfAChain() {
        PlanScore score = scorer.score(List.of(pipeline(1)));

        // Three transfers of 1.5 s, 1 s on a, 3 s / 2 on b.
        assertThat(score.latencySeconds()).isCloseTo(7.0, within(1e-12));
        assertThat(score.throughputPerSecond()).isCloseTo(1 / 1.5, within(1e-12));
        assertThat(score.bottleneck()).isEqualTo("compute of b/cpu: 1500.000 ms");
        assertThat(score.shards())
                .containsExactly(
                        new PlanScore.ShardScore(0, new Endpoint(0, 0), 1.0, 2007, 1000),
                        new PlanScore.ShardScore(0, new Endpoint(1, 0), 1.5, 2007, 1000));
    }

    @Test
    void costsNoTransferBesideTheGateway() {
        PlanScore score = new PlanScorer(cost, "b").score(List.of(pipeline(1)));

        assertThat(score.latencySeconds()).isCloseTo(1.5 + 1 + 1.5 + 1.5, within(1e-12));
    }

    @Test
    void sendsPiecesOneAfterTheOther() {
        PlanScore score = scorer.score(List.of(rows()));

        // The second piece of 500 bytes leaves after 0.5 s and arrives at 1.5 s; b computes half of 4 s at twice the
        // rate.
        // a has its piece at 1.0 s, computes 2 s, and is back at the gateway at 4.0 s.
        assertThat(score.latencySeconds()).isCloseTo(4.0, within(1e-12));
        assertThat(score.throughputPerSecond()).isCloseTo(0.5, within(1e-12));
        assertThat(score.bottleneck()).isEqualTo("compute of a/cpu: 2000.000 ms");
    }

    @Test
    void dealsRequestsToLanesByWeight() {
        PlanScore score = scorer.score(List.of(single("a", 1), single("b", 3)));

        // a: 4 s for a quarter, b: 2 s for three quarters; every request crosses the gateway's card.
        assertThat(score.latencySeconds()).isCloseTo(0.25 * 7 + 0.75 * 5, within(1e-12));
        assertThat(score.throughputPerSecond()).isCloseTo(1 / 1.5, within(1e-12));
        assertThat(score.bottleneck()).isEqualTo("compute of b/cpu: 1500.000 ms");
    }

    @Test
    void knowsThatTheGatewaysCardIsSharedByItsLinks() {
        CostModel instant =
                new CostModel(graph, new LayerTimes("digest", List.of(0.0, 0.0)), 1e9, topology, RuntimeCosts.NONE);

        PlanScore score = new PlanScorer(instant, "gateway").score(List.of(single("a", 1), single("b", 1)));

        assertThat(score.throughputPerSecond()).isCloseTo(1, within(1e-12));
        assertThat(score.bottleneck()).isEqualTo("network card of gateway, receiving: 1000.000 ms");
    }

    @Test
    void saysWhatEveryLinkCarries() {
        assertThat(scorer.links(List.of(single("a", 1), single("b", 3))))
                .containsExactly(
                        new LinkLoad("a", "gateway", 250, 0.25),
                        new LinkLoad("gateway", "a", 250, 0.25),
                        new LinkLoad("b", "gateway", 750, 0.75),
                        new LinkLoad("gateway", "b", 750, 0.75));
        assertThat(new PlanScorer(cost, "a").links(List.of(pipeline(1), pipeline(1))))
                .containsExactly(new LinkLoad("a", "b", 1000, 1), new LinkLoad("b", "a", 1000, 1));
    }

    @Test
    void rejectsUnknownCoreGroups() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer.score(List.of(single("c", 1))))
                .withMessageContaining("c/cpu must be one of the topology's: [a/cpu, b/cpu]");
    }

    private Lane pipeline(double weight) {
        return lane(
                weight,
                new Stage(new Segment(0, 1), List.of(shard("a", "in", Region.WHOLE, "t0"))),
                new Stage(new Segment(1, 2), List.of(shard("b", "t0", Region.WHOLE, "t1"))));
    }

    private Lane single(String node, double weight) {
        return lane(weight, new Stage(new Segment(0, 2), List.of(shard(node, "in", Region.WHOLE, "t1"))));
    }

    private Lane rows() {
        return lane(
                1,
                new Stage(
                        new Segment(0, 2),
                        List.of(
                                shard("a", "in", Region.rows(0, 5), "t1"),
                                shard("b", "in", Region.rows(5, 10), "t1"))));
    }

    private Lane lane(double weight, Stage... stages) {
        return new Lane(weight, "m", List.of(stages), EdgeDerivation.edges(graph, List.of(stages)));
    }

    private static Shard shard(String node, String input, Region region, String output) {
        return new Shard(new CoreGroupId(node, "cpu"), Map.of(input, region), Map.of(output, region));
    }

    private static ModelGraph graph() {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        for (String name : List.of("in", "t0", "t1")) {
            tensors.put(name, new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, 10, 25)));
        }
        List<Layer> layers = List.of(
                new Layer(0, "l0", "Relu", List.of("in"), List.of("t0"), 1, 7, new Pointwise()),
                new Layer(1, "l1", "Relu", List.of("t0"), List.of("t1"), 1, 7, new Pointwise()));
        return new ModelGraph("m", "digest", List.of(tensors.get("in")), List.of(tensors.get("t1")), layers, tensors);
    }
}
