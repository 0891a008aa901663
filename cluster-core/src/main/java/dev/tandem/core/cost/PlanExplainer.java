package dev.tandem.core.cost;

import dev.tandem.core.cost.PlanExplanation.NodeEnergy;
import dev.tandem.core.cost.PlanExplanation.NodeUse;
import dev.tandem.core.cost.PlanExplanation.PieceTime;
import dev.tandem.core.cost.PlanExplanation.ShardTime;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Takes a {@link PlanScorer}'s prediction apart: the same formulas, with what they are made of. Immutable. */
public final class PlanExplainer {

    private final CostModel cost;
    private final String gatewayNode;

    /** @param gatewayNode where the requests come from: a node of the topology, or the end of links to it */
    public PlanExplainer(CostModel cost, String gatewayNode) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
    }

    /**
     * What a plan is made of, lanes that stand by left out.
     *
     * @throws IllegalArgumentException when a core group or a tensor is not one of the cost model's
     */
    public PlanExplanation explain(Plan plan) {
        BusyTimes busy = new BusyTimes(cost, gatewayNode);
        Parts parts = new Parts();
        double weights = plan.lanes().stream().mapToDouble(Lane::weight).sum();
        for (int index = 0; index < plan.lanes().size(); index++) {
            Lane lane = plan.lanes().get(index);
            if (lane.isStandby()) {
                continue;
            }
            LaneTraffic traffic = LaneTraffic.of(cost.graph(), lane);
            Map<Endpoint, Double> compute = cost.computeSeconds(lane);
            parts.add(index, lane, traffic, compute, lane.weight() / weights);
            busy.add(lane, traffic, compute, lane.weight() / weights);
        }
        ResourceLoad bottleneck = busy.busiest();
        return new PlanExplanation(
                bottleneck.busySeconds(),
                bottleneck,
                parts.shards,
                parts.pieces,
                busy.loads(),
                cost.topology().nodes().stream()
                        .map(node -> use(plan, node, parts, bottleneck.busySeconds()))
                        .toList());
    }

    private NodeUse use(Plan plan, Node node, Parts parts, double periodSeconds) {
        return new NodeUse(
                node.id(),
                plan.memoryBytes(node.id()),
                node.memoryBytes(),
                cost.energy()
                        .map(model -> new NodeEnergy(
                                parts.activeJoules.getOrDefault(node.id(), 0.0),
                                EnergyModel.idleWatts(node) * parts.latencySeconds,
                                EnergyModel.idleWatts(node) * periodSeconds)));
    }

    /** What happens to one request of each lane. */
    private final class Parts {

        private final List<ShardTime> shards = new ArrayList<>();
        private final List<PieceTime> pieces = new ArrayList<>();
        private final Map<String, Double> activeJoules = new HashMap<>();
        private double latencySeconds;

        void add(int index, Lane lane, LaneTraffic traffic, Map<Endpoint, Double> compute, double share) {
            LaneTimeline.Listener listener = new LaneTimeline.Listener() {
                @Override
                public void computed(Endpoint shard, double beginSeconds, double endSeconds) {
                    addShard(new ShardTime(index, shard, lane.shard(shard).place(), beginSeconds, endSeconds), share);
                }

                @Override
                public void sent(LaneTraffic.Path path, double departSeconds, double arriveSeconds) {
                    Freight freight = Objects.requireNonNull(traffic.freight().get(path));
                    addPiece(piece(index, lane, path, freight, departSeconds, arriveSeconds), share);
                }
            };
            LaneTimeline timeline = new LaneTimeline(cost, gatewayNode, lane, traffic, compute, listener);
            latencySeconds += share * timeline.latencySeconds();
        }

        private void addShard(ShardTime shard, double share) {
            shards.add(shard);
            cost.energy()
                    .ifPresent(model -> addJoules(
                            shard.place().node(), share * model.computeJoules(shard.place(), shard.computeSeconds())));
        }

        private void addPiece(PieceTime piece, double share) {
            pieces.add(piece);
            cost.energy().ifPresent(model -> {
                addJoules(piece.from(), share * model.sendJoules(piece.from(), piece.linkSeconds()));
                addJoules(piece.to(), share * model.receiveJoules(piece.to(), piece.linkSeconds()));
            });
        }

        private void addJoules(String node, double joules) {
            activeJoules.merge(node, joules, Double::sum);
        }

        private PieceTime piece(
                int index,
                Lane lane,
                LaneTraffic.Path path,
                Freight freight,
                double departSeconds,
                double arriveSeconds) {
            String from = LaneTraffic.node(lane, path.producer(), gatewayNode);
            String to = LaneTraffic.node(lane, path.consumer(), gatewayNode);
            return new PieceTime(
                    index,
                    path.producer(),
                    path.consumer(),
                    from,
                    to,
                    Math.round(freight.wireBytes()),
                    cost.linkSeconds(from, to, freight),
                    departSeconds,
                    arriveSeconds);
        }
    }
}
