package dev.tandem.core.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a plan is predicted to do.
 *
 * @param latencySeconds one request on an idle cluster, gateway to gateway
 * @param throughputPerSecond requests per second when many are in flight
 * @param shards prediction per shard, in lane, stage and shard order
 * @param bottleneck the resource that bounds the throughput, in words
 * @param energy per request; absent where the power of a node is not known
 */
public record PlanScore(
        double latencySeconds,
        double throughputPerSecond,
        List<ShardScore> shards,
        String bottleneck,
        Optional<Energy> energy) {

    /**
     * What one shard is predicted to do.
     *
     * @param computeSeconds per request
     * @param memoryBytes weights and activations that the shard holds
     * @param bytesOut sent per request, to other nodes or not
     */
    public record ShardScore(int lane, Endpoint shard, double computeSeconds, long memoryBytes, long bytesOut) {}

    public PlanScore {
        shards = List.copyOf(shards);
    }

    /** A score of unknown energy. */
    public PlanScore(double latencySeconds, double throughputPerSecond, List<ShardScore> shards, String bottleneck) {
        this(latencySeconds, throughputPerSecond, shards, bottleneck, Optional.empty());
    }
}
