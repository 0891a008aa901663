package dev.tandem.core.cost;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes per request from each shard to each other, all tensors together.
 *
 * @param bytes in the order in which they leave: by producer, then by consumer, the gateway last
 */
public record LaneTraffic(Map<Path, Long> bytes) {

    /** From one shard, or the gateway, to another. */
    public record Path(Endpoint producer, Endpoint consumer) {}

    private static final Comparator<Endpoint> GATEWAY_LAST = Comparator.comparing(Endpoint::isGateway)
            .thenComparingInt(Endpoint::stage)
            .thenComparingInt(Endpoint::shard);

    public LaneTraffic {
        bytes = Collections.unmodifiableMap(bytes);
    }

    /** What the edges of a lane carry for every request. */
    public static LaneTraffic of(ModelGraph graph, Lane lane) {
        Map<Path, Long> bytes = new TreeMap<>(
                Comparator.comparing(Path::producer, GATEWAY_LAST).thenComparing(Path::consumer, GATEWAY_LAST));
        for (Edge edge : lane.edges()) {
            long size = edge.region().bytes(graph.tensor(edge.tensor()));
            bytes.merge(new Path(edge.producer(), edge.consumer()), size, Long::sum);
        }
        return new LaneTraffic(bytes);
    }

    /** Where an end of the lane's edges is. */
    public static String node(Lane lane, Endpoint endpoint, String gatewayNode) {
        return endpoint.isGateway() ? gatewayNode : lane.shard(endpoint).place().node();
    }

    /** Of all pieces that each end sends together; nothing of those that send none. */
    Map<Endpoint, Long> bytesSent() {
        Map<Endpoint, Long> sent = new HashMap<>();
        bytes.forEach((path, size) -> sent.merge(path.producer(), size, Long::sum));
        return sent;
    }
}
