package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Map;
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

    private static Edge edge(Endpoint producer, Endpoint consumer) {
        return new Edge("x", producer, consumer, Region.WHOLE, Codec.EXACT);
    }

    private static Lane lane(Edge... edges) {
        List<Stage> stages = IntStream.range(0, 3)
                .mapToObj(stage -> new Stage(
                        new Segment(stage, stage + 1),
                        List.of(new Shard(new CoreGroupId("node-" + stage, "cpu"), Map.of(), Map.of()))))
                .toList();
        return new Lane(1, "model", stages, List.of(edges));
    }
}
