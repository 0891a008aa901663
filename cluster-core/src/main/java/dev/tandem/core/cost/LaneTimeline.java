package dev.tandem.core.cost;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.CoreGroupId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When each shard of a lane starts and ends for one request on an idle cluster. Used once, by one thread. */
final class LaneTimeline {

    /** Hears of what happens, in the order of shards and of leaving. */
    interface Listener {

        /** A shard computes. */
        void computed(Endpoint shard, double beginSeconds, double endSeconds);

        /** A piece travels. */
        void sent(LaneTraffic.Path path, double departSeconds, double arriveSeconds);
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void computed(Endpoint shard, double beginSeconds, double endSeconds) {}

        @Override
        public void sent(LaneTraffic.Path path, double departSeconds, double arriveSeconds) {}
    };

    private final CostModel cost;
    private final String gatewayNode;
    private final Lane lane;
    /** What each shard, and the gateway, sends, in the order of leaving. */
    private final Map<Endpoint, List<Map.Entry<LaneTraffic.Path, Freight>>> pieces = new HashMap<>();

    private final Map<Endpoint, Double> computeSeconds;
    private final Listener listener;
    private final Map<Endpoint, Inflow> inflows = new HashMap<>();
    private final Map<CoreGroupId, Double> free = new HashMap<>();

    LaneTimeline(
            CostModel cost, String gatewayNode, Lane lane, LaneTraffic traffic, Map<Endpoint, Double> computeSeconds) {
        this(cost, gatewayNode, lane, traffic, computeSeconds, NOBODY);
    }

    LaneTimeline(
            CostModel cost,
            String gatewayNode,
            Lane lane,
            LaneTraffic traffic,
            Map<Endpoint, Double> computeSeconds,
            Listener listener) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
        this.lane = lane;
        this.computeSeconds = computeSeconds;
        this.listener = listener;
        for (Map.Entry<LaneTraffic.Path, Freight> piece : traffic.freight().entrySet()) {
            pieces.computeIfAbsent(piece.getKey().producer(), producer -> new ArrayList<>())
                    .add(piece);
        }
    }

    /** When the gateway holds all outputs. */
    double latencySeconds() {
        send(Endpoint.GATEWAY, cost.processors().requestLatency(gatewayNode));
        computeSeconds.forEach((endpoint, seconds) -> {
            CoreGroupId place = lane.shard(endpoint).place();
            double start = Math.max(completeSeconds(endpoint), free.getOrDefault(place, 0.0));
            free.put(place, start + seconds);
            listener.computed(endpoint, start, start + seconds);
            send(endpoint, start + seconds);
        });
        return completeSeconds(Endpoint.GATEWAY);
    }

    private double completeSeconds(Endpoint consumer) {
        Inflow inflow = inflows.get(consumer);
        return inflow == null ? 0 : inflow.completeSeconds();
    }

    /**
     * Pieces leave one after the other at the pace of the network card, travel side by side, and are taken at the pace of
     * the card where they go.
     */
    private void send(Endpoint producer, double ready) {
        String from = LaneTraffic.node(lane, producer, gatewayNode);
        double departure = ready;
        for (Map.Entry<LaneTraffic.Path, Freight> path : pieces.getOrDefault(producer, List.of())) {
            Endpoint consumer = path.getKey().consumer();
            String to = LaneTraffic.node(lane, consumer, gatewayNode);
            double arrival = departure + cost.transferSeconds(from, to, path.getValue());
            Inflow inflow = inflows.computeIfAbsent(consumer, first -> new Inflow());
            if (from.equals(to)) {
                inflow.add(arrival);
            } else {
                arrival = inflow.add(
                        departure + cost.latencySeconds(from, to, path.getValue()),
                        arrival,
                        cost.receiveSeconds(to, path.getValue()));
            }
            listener.sent(path.getKey(), departure, arrival);
            departure += from.equals(to) ? 0 : cost.sendSeconds(from, path.getValue());
        }
    }
}
