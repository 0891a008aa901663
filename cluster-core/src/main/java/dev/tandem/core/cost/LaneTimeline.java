package dev.tandem.core.cost;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.CoreGroupId;
import java.util.HashMap;
import java.util.Map;

/** When each shard of a lane starts and ends for one request on an idle cluster. Used once, by one thread. */
final class LaneTimeline {

    private final CostModel cost;
    private final String gatewayNode;
    private final Lane lane;
    private final LaneTraffic traffic;
    private final Map<Endpoint, Double> computeSeconds;
    private final Map<Endpoint, Double> complete = new HashMap<>();
    private final Map<CoreGroupId, Double> free = new HashMap<>();

    LaneTimeline(
            CostModel cost, String gatewayNode, Lane lane, LaneTraffic traffic, Map<Endpoint, Double> computeSeconds) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
        this.lane = lane;
        this.traffic = traffic;
        this.computeSeconds = computeSeconds;
    }

    /** When the gateway holds all outputs. */
    double latencySeconds() {
        send(Endpoint.GATEWAY, 0);
        computeSeconds.forEach((endpoint, seconds) -> {
            CoreGroupId place = lane.shard(endpoint).place();
            double start = Math.max(complete.getOrDefault(endpoint, 0.0), free.getOrDefault(place, 0.0));
            free.put(place, start + seconds);
            send(endpoint, start + seconds);
        });
        return complete.getOrDefault(Endpoint.GATEWAY, 0.0);
    }

    /** Pieces leave one after the other at the pace of the network card, and travel side by side. */
    private void send(Endpoint producer, double ready) {
        String from = LaneTraffic.node(lane, producer, gatewayNode);
        double departure = ready;
        for (Map.Entry<LaneTraffic.Path, Long> path : traffic.bytes().entrySet()) {
            Endpoint consumer = path.getKey().consumer();
            String to = LaneTraffic.node(lane, consumer, gatewayNode);
            if (path.getKey().producer().equals(producer)) {
                complete.merge(consumer, departure + cost.transferSeconds(from, to, path.getValue()), Math::max);
                departure += from.equals(to) ? 0 : cost.sendSeconds(from, path.getValue());
            }
        }
    }
}
