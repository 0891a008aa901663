package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final Endpoint FIRST = new Endpoint(0, 0);
    private static final Endpoint SECOND = new Endpoint(1, 0);
    private static final Endpoint THIRD = new Endpoint(2, 0);

    @Test
    void chainReachesOneStage() {
        assertThat(lane(
                                edge(Endpoint.GATEWAY, FIRST),
                                edge(FIRST, SECOND),
                                edge(SECOND, THIRD),
                                edge(THIRD, Endpoint.GATEWAY))
                        .longestReach())
                .isEqualTo(1);
    }

    @Test
    void reachesAcrossTheStagesThatAnEdgePasses() {
        assertThat(lane(edge(Endpoint.GATEWAY, FIRST), edge(FIRST, SECOND), edge(FIRST, THIRD), edge(SECOND, THIRD))
                        .longestReach())
                .isEqualTo(2);
        assertThat(lane(edge(Endpoint.GATEWAY, THIRD), edge(SECOND, THIRD)).longestReach())
                .isEqualTo(3);
        assertThat(lane(edge(FIRST, SECOND), edge(FIRST, Endpoint.GATEWAY)).longestReach())
                .isEqualTo(3);
    }

    @Test
    void codesFloatsBetweenNodesAndToTheGateway() {
        ModelGraph graph = GraphFixtures.chain(new Random(1), 3, 16);
        String floats = graph.inputs().get(0).name();
        Edge arriving = new Edge(floats, Endpoint.GATEWAY, FIRST, Region.WHOLE, Codec.EXACT);
        Edge between = new Edge(floats, FIRST, SECOND, Region.WHOLE, Codec.EXACT);
        Edge within = new Edge(floats, SECOND, new Endpoint(1, 1), Region.WHOLE, Codec.LZ4);
        Lane lane = lane(arriving, between, within);

        assertThat(lane.coded(graph, Codec.INT8_LZ4).edges())
                .containsExactly(
                        arriving.coded(Codec.INT8_LZ4), between.coded(Codec.INT8_LZ4), within.coded(Codec.EXACT));
    }

    @Test
    void onlyFloatsMayLoseAnything() {
        for (ElementType type : ElementType.values()) {
            for (Codec codec : Codec.values()) {
                assertThat(codec.on(type).isLossy()).isEqualTo(codec.isLossy() && type == ElementType.FLOAT);
                assertThat(codec.on(type).isPacked()).isEqualTo(codec.isPacked());
                assertThat(Codec.of(codec.form(), codec.isPacked())).isEqualTo(codec);
            }
        }
        assertThat(Codec.FLOAT16_LZ4).hasToString("float16-lz4");
    }

    private static Edge edge(Endpoint producer, Endpoint consumer) {
        return new Edge("x", producer, consumer, Region.WHOLE, Codec.EXACT);
    }

    private static Lane lane(Edge... edges) {
        List<Stage> stages = IntStream.range(0, 3)
                .mapToObj(stage -> new Stage(
                        new Segment(stage, stage + 1),
                        List.of(
                                new Shard(new CoreGroupId("node-" + stage, "cpu"), Map.of(), Map.of()),
                                new Shard(new CoreGroupId("node-" + stage, "gpu"), Map.of(), Map.of()))))
                .toList();
        return new Lane(1, "model", stages, List.of(edges));
    }
}
