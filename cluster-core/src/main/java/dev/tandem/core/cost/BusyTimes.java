package dev.tandem.core.cost;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.CoreGroupId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long requests keep each resource busy, on the average over lanes. Used by one thread. */
final class BusyTimes {

    private final CostModel cost;
    private final String gatewayNode;
    private final Map<Name, Double> seconds = new LinkedHashMap<>();

    private record Name(ResourceKind kind, String name) {}

    BusyTimes(CostModel cost, String gatewayNode) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
    }

    /** @param share of all requests that take the lane */
    void add(Lane lane, LaneTraffic traffic, Map<Endpoint, Double> computeSeconds, double share) {
        computeSeconds.forEach(
                (endpoint, busy) -> addCompute(lane.shard(endpoint).place(), share * busy));
        addProcessor(gatewayNode, share * cost.processors().request(gatewayNode));
        traffic.freight().forEach((path, freight) -> {
            String from = LaneTraffic.node(lane, path.producer(), gatewayNode);
            String to = LaneTraffic.node(lane, path.consumer(), gatewayNode);
            if (!from.equals(to)) {
                addTransfer(from, to, freight, share);
            }
        });
    }

    /** In the order in which they were first used. */
    List<ResourceLoad> loads() {
        return seconds.entrySet().stream()
                .map(resource -> new ResourceLoad(
                        resource.getKey().kind(), resource.getKey().name(), resource.getValue()))
                .toList();
    }

    /** The first of those that are busy for the longest. */
    ResourceLoad busiest() {
        Name longest = null;
        for (Map.Entry<Name, Double> resource : seconds.entrySet()) {
            if (longest == null || resource.getValue() > seconds.getOrDefault(longest, 0.0)) {
                longest = resource.getKey();
            }
        }
        if (longest == null) {
            throw new IllegalArgumentException("lanes must have a shard that computes");
        }
        return new ResourceLoad(longest.kind(), longest.name(), seconds.getOrDefault(longest, 0.0));
    }

    private void addCompute(CoreGroupId place, double busy) {
        add(ResourceKind.CORE_GROUP, place.toString(), busy);
        cost.coreGroup(place)
                .ifPresent(group -> addProcessor(place.node(), cost.processors().compute(group, busy)));
    }

    private void addProcessor(String node, double busy) {
        int machine = cost.processors().machine(node);
        if (machine != ProcessorCosts.NONE) {
            add(ResourceKind.PROCESSOR, cost.processors().machines().get(machine), busy);
        }
    }

    private void addTransfer(String from, String to, Freight freight, double share) {
        double link = share * cost.linkSeconds(from, to, freight);
        add(ResourceKind.LINK, from + " -> " + to, link);
        for (String medium : cost.media(from, to)) {
            add(ResourceKind.SHARED_MEDIUM, medium, link);
        }
        add(ResourceKind.SENDING_CARD, from, share * cost.sendSeconds(from, freight));
        add(ResourceKind.RECEIVING_CARD, to, share * cost.receiveSeconds(to, freight));
        addProcessor(from, share * cost.processors().send(from, freight));
        addProcessor(to, share * cost.processors().receive(to, freight));
    }

    private void add(ResourceKind kind, String name, double busy) {
        seconds.merge(new Name(kind, name), busy, Double::sum);
    }
}
