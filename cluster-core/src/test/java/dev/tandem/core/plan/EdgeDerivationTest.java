package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three layers; t0 skips the second one, and is a model output as well. */
class EdgeDerivationTest {

    private static final Endpoint FIRST = new Endpoint(0, 0);
    private static final Endpoint SECOND = new Endpoint(1, 0);
    private static final Endpoint THIRD = new Endpoint(2, 0);

    private final ModelGraph graph = graph();

    @Test
    void sendsStraightPastStagesInBetween() {
        List<Edge> edges = EdgeDerivation.edges(
                graph,
                List.of(
                        stage(0, shard("in", Region.WHOLE, "t0", Region.WHOLE)),
                        stage(1, shard("t0", Region.WHOLE, "t1", Region.WHOLE)),
                        stage(
                                2,
                                new Shard(
                                        new CoreGroupId("a", "cpu"),
                                        Map.of("t0", Region.WHOLE, "t1", Region.WHOLE),
                                        Map.of("t2", Region.WHOLE)))));

        assertThat(edges)
                .containsExactlyInAnyOrder(
                        edge("in", Endpoint.GATEWAY, FIRST, Region.WHOLE),
                        edge("t0", FIRST, Endpoint.GATEWAY, Region.WHOLE),
                        edge("t0", FIRST, SECOND, Region.WHOLE),
                        edge("t0", FIRST, THIRD, Region.WHOLE),
                        edge("t1", SECOND, THIRD, Region.WHOLE),
                        edge("t2", THIRD, Endpoint.GATEWAY, Region.WHOLE));
    }

    @Test
    void sendsToEachShardWhatItNeeds() {
        List<Edge> edges = EdgeDerivation.edges(
                graph,
                List.of(
                        stage(
                                0,
                                shard("in", Region.rows(0, 5), "t0", Region.rows(0, 4)),
                                shard("in", Region.rows(3, 8), "t0", Region.rows(4, 8))),
                        new Stage(
                                new Segment(1, 3),
                                List.of(
                                        shard("t0", Region.rows(0, 6), "t2", Region.rows(0, 5)),
                                        shard("t0", Region.rows(4, 8), "t2", Region.rows(5, 8))))));

        Endpoint firstBelow = new Endpoint(0, 1);
        Endpoint secondBelow = new Endpoint(1, 1);
        assertThat(edges)
                .containsExactlyInAnyOrder(
                        edge("in", Endpoint.GATEWAY, FIRST, Region.rows(0, 5)),
                        edge("in", Endpoint.GATEWAY, firstBelow, Region.rows(3, 8)),
                        edge("t0", FIRST, Endpoint.GATEWAY, Region.rows(0, 4)),
                        edge("t0", firstBelow, Endpoint.GATEWAY, Region.rows(4, 8)),
                        edge("t0", FIRST, SECOND, Region.rows(0, 4)),
                        edge("t0", firstBelow, SECOND, Region.rows(4, 6)),
                        edge("t0", firstBelow, secondBelow, Region.rows(4, 8)),
                        edge("t2", SECOND, Endpoint.GATEWAY, Region.rows(0, 5)),
                        edge("t2", secondBelow, Endpoint.GATEWAY, Region.rows(5, 8)));
    }

    @Test
    void rejectsStagesThatNeedWhatNobodyComputes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        EdgeDerivation.edges(graph, List.of(stage(1, shard("t0", Region.WHOLE, "t1", Region.WHOLE)))))
                .withMessageContaining("'t0' is needed by");
    }

    private static Edge edge(String tensor, Endpoint producer, Endpoint consumer, Region region) {
        return new Edge(tensor, producer, consumer, region, Codec.EXACT);
    }

    private static Stage stage(int layer, Shard... shards) {
        return new Stage(new Segment(layer, layer + 1), List.of(shards));
    }

    private static Shard shard(String input, Region read, String output, Region written) {
        return new Shard(new CoreGroupId("a", "cpu"), Map.of(input, read), Map.of(output, written));
    }

    private static ModelGraph graph() {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        for (String name : List.of("in", "t0", "t1", "t2")) {
            tensors.put(name, new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, 8, 8)));
        }
        List<Layer> layers = List.of(
                new Layer(0, "l0", "Relu", List.of("in"), List.of("t0"), 1, 0, new Pointwise()),
                new Layer(1, "l1", "Relu", List.of("t0"), List.of("t1"), 1, 0, new Pointwise()),
                new Layer(2, "l2", "Add", List.of("t1", "t0"), List.of("t2"), 1, 0, new Pointwise()));
        return new ModelGraph(
                "m",
                "digest",
                List.of(tensors.get("in")),
                List.of(tensors.get("t0"), tensors.get("t2")),
                layers,
                tensors);
    }
}
