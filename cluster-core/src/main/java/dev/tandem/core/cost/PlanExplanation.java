package dev.tandem.core.cost;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Optional;

/**
 * What a plan is predicted to do, part by part. Times of shards and pieces are those of one request of each lane that is
 * alone on an idle cluster; 0 is when the gateway has it.
 *
 * @param periodSeconds between two answers at full throughput, which is how long the bottleneck is busy
 * @param shards by lane, stage and shard
 * @param pieces by lane, in the order in which they leave
 * @param resources that the plan uses
 * @param nodes of the topology, used or not
 */
public record PlanExplanation(
        double periodSeconds,
        ResourceLoad bottleneck,
        List<ShardTime> shards,
        List<PieceTime> pieces,
        List<ResourceLoad> resources,
        List<NodeUse> nodes) {

    /** When a shard computes. */
    public record ShardTime(int lane, Endpoint shard, CoreGroupId place, double beginSeconds, double endSeconds) {

        public double computeSeconds() {
            return endSeconds - beginSeconds;
        }
    }

    /**
     * When the tensors from one shard, or the gateway, to another travel.
     *
     * @param from node of the producer; nothing travels where it is that of the consumer
     * @param linkSeconds that they keep the link busy
     * @param arriveSeconds of the last byte, with the latency of the link, behind other pieces to the same shard
     */
    public record PieceTime(
            int lane,
            Endpoint producer,
            Endpoint consumer,
            String from,
            String to,
            long bytes,
            double linkSeconds,
            double departSeconds,
            double arriveSeconds) {}

    /** What a node gives to the plan; energy where the power of all nodes is known. */
    public record NodeUse(String node, long neededBytes, long memoryBytes, Optional<NodeEnergy> energy) {}

    /**
     * Energy of a node per request. Over all nodes they add up to {@link dev.tandem.core.plan.Energy}.
     *
     * @param activeJoules of computing, sending and receiving, beyond idling
     * @param idleRequestJoules of idling while one request alone is answered
     * @param idleStreamJoules of idling from one answer to the next at full throughput
     */
    public record NodeEnergy(double activeJoules, double idleRequestJoules, double idleStreamJoules) {}

    public PlanExplanation {
        shards = List.copyOf(shards);
        pieces = List.copyOf(pieces);
        resources = List.copyOf(resources);
        nodes = List.copyOf(nodes);
    }

    /** The share of the time that a resource is busy at full throughput; 1 for the bottleneck. */
    public double share(ResourceLoad load) {
        return periodSeconds > 0 ? load.busySeconds() / periodSeconds : 0;
    }
}
