package dev.tandem.core.cost;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.PlanScore.ShardScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts what a plan will do. The one evaluator of every plan, whoever made it, so that figures can be compared.
 *
 * <p>Latency is the critical path of one request through shards and edges on an idle cluster, the mean over the lanes
 * weighted by their shares. Throughput is 1 over the busy time per request of the busiest resource: a core group, the
 * processor that core groups and transport share, a directed link, a medium that links share, or one direction of a node's network card. Pieces that one shard sends to
 * several others leave one after the other at the pace of the card, in the order of the consumers, the gateway last.
 * Energy is that of the {@link EnergyModel}, over the lanes by their shares, where the power of all nodes is known.
 * Immutable.
 */
public final class PlanScorer {

    private final CostModel cost;
    private final String gatewayNode;

    /** @param gatewayNode where the requests come from: a node of the topology, or the end of links to it */
    public PlanScorer(CostModel cost, String gatewayNode) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
    }

    /**
     * What these lanes are predicted to do together. Of those that stand by, only what they hold counts.
     *
     * @throws IllegalArgumentException when a core group or a tensor is not one of the cost model's
     */
    public PlanScore score(List<Lane> lanes) {
        double weights = lanes.stream().mapToDouble(Lane::weight).sum();
        BusyTimes busy = new BusyTimes(cost, gatewayNode);
        List<ShardScore> shards = new ArrayList<>();
        double latency = 0;
        double activeJoules = 0;
        for (int index = 0; index < lanes.size(); index++) {
            Lane lane = lanes.get(index);
            double share = lane.weight() / weights;
            LaneTraffic traffic = LaneTraffic.of(cost.graph(), lane);
            Map<Endpoint, Double> compute = cost.computeSeconds(lane);
            addShards(shards, index, traffic, compute, lane);
            if (!lane.isStandby()) {
                latency += share * new LaneTimeline(cost, gatewayNode, lane, traffic, compute).latencySeconds();
                activeJoules += share * activeJoules(lane, traffic, compute);
                busy.add(lane, traffic, compute, share);
            }
        }
        return score(latency, busy.busiest(), shards, activeJoules);
    }

    /** What these lanes are predicted to send from node to node, in the order in which it leaves. */
    public List<LinkLoad> links(List<Lane> lanes) {
        double weights = lanes.stream().mapToDouble(Lane::weight).sum();
        Map<List<String>, LinkLoad> loads = new LinkedHashMap<>();
        for (Lane lane : lanes) {
            double share = lane.weight() / weights;
            if (lane.isStandby()) {
                continue;
            }
            LaneTraffic.of(cost.graph(), lane).freight().forEach((path, freight) -> {
                String from = LaneTraffic.node(lane, path.producer(), gatewayNode);
                String to = LaneTraffic.node(lane, path.consumer(), gatewayNode);
                if (!from.equals(to)) {
                    LinkLoad load = new LinkLoad(
                            from, to, share * freight.wireBytes(), share * cost.linkSeconds(from, to, freight));
                    loads.merge(List.of(from, to), load, LinkLoad::plus);
                }
            });
        }
        return List.copyOf(loads.values());
    }

    private PlanScore score(double latency, ResourceLoad bottleneck, List<ShardScore> shards, double activeJoules) {
        double throughput = 1 / bottleneck.busySeconds();
        return new PlanScore(
                latency,
                throughput,
                shards,
                bottleneck.toString(),
                cost.energy().map(model -> model.perRequest(activeJoules, latency, throughput)));
    }

    /** 0 where power is not known. */
    private double activeJoules(Lane lane, LaneTraffic traffic, Map<Endpoint, Double> compute) {
        return cost.energy()
                .map(model -> computeJoules(model, lane, compute) + transferJoules(model, lane, traffic))
                .orElse(0.0);
    }

    private static double computeJoules(EnergyModel model, Lane lane, Map<Endpoint, Double> compute) {
        return compute.entrySet().stream()
                .mapToDouble(
                        shard -> model.computeJoules(lane.shard(shard.getKey()).place(), shard.getValue()))
                .sum();
    }

    private double transferJoules(EnergyModel model, Lane lane, LaneTraffic traffic) {
        return traffic.freight().entrySet().stream()
                .mapToDouble(piece -> {
                    String from = LaneTraffic.node(lane, piece.getKey().producer(), gatewayNode);
                    String to = LaneTraffic.node(lane, piece.getKey().consumer(), gatewayNode);
                    return from.equals(to)
                            ? 0
                            : model.transferJoules(from, to, cost.linkSeconds(from, to, piece.getValue()));
                })
                .sum();
    }

    private void addShards(
            List<ShardScore> shards, int lane, LaneTraffic traffic, Map<Endpoint, Double> compute, Lane stages) {
        Map<Endpoint, Long> sent = traffic.bytesSent();
        compute.forEach((endpoint, seconds) -> shards.add(new ShardScore(
                lane,
                endpoint,
                seconds,
                cost.memoryBytes(stages.stages().get(endpoint.stage()).segment(), stages.shard(endpoint)),
                sent.getOrDefault(endpoint, 0L))));
    }
}
