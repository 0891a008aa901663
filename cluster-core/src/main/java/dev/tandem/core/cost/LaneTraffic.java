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
 * What goes from each shard to each other for a request, all tensors together.
 *
 * @param freight in the order in which it leaves: by producer, then by consumer, the gateway last
 */
public record LaneTraffic(Map<Path, Freight> freight) {

    /** From one shard, or the gateway, to another. */
    public record Path(Endpoint producer, Endpoint consumer) {}

    private static final Comparator<Endpoint> GATEWAY_LAST = Comparator.comparing(Endpoint::isGateway)
            .thenComparingInt(Endpoint::stage)
            .thenComparingInt(Endpoint::shard);

    public LaneTraffic {
        freight = Collections.unmodifiableMap(freight);
    }

    /** What the edges of a lane carry for every request. */
    public static LaneTraffic of(ModelGraph graph, Lane lane) {
        Map<Path, Freight> freight = new TreeMap<>(
                Comparator.comparing(Path::producer, GATEWAY_LAST).thenComparing(Path::consumer, GATEWAY_LAST));
        for (Edge edge : lane.edges()) {
            long size = edge.region().bytes(graph.tensor(edge.tensor()));
            freight.merge(new Path(edge.producer(), edge.consumer()), Freight.of(edge.codec(), size), Freight::plus);
        }
        return new LaneTraffic(freight);
    }

    /** Where an end of the lane's edges is. */
    public static String node(Lane lane, Endpoint endpoint, String gatewayNode) {
        return endpoint.isGateway() ? gatewayNode : lane.shard(endpoint).place().node();
    }

    /** On the wire, of all pieces that each end sends together; nothing of those that send none. */
    Map<Endpoint, Long> bytesSent() {
        Map<Endpoint, Long> sent = new HashMap<>();
        freight.forEach((path, piece) -> sent.merge(path.producer(), Math.round(piece.wireBytes()), Long::sum));
        return sent;
    }
}
