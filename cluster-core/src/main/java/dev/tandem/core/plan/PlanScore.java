package dev.tandem.core.plan;

import java.util.List;

/**
 * What a plan is predicted to do.
 *
 * @param latencySeconds one request on an idle cluster, gateway to gateway
 * @param throughputPerSecond requests per second when many are in flight
 * @param shards prediction per shard, in lane, stage and shard order
 * @param bottleneck the resource that bounds the throughput, in words
 */
public record PlanScore(double latencySeconds, double throughputPerSecond, List<ShardScore> shards, String bottleneck) {

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
}
