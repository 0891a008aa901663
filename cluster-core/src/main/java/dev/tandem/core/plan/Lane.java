package dev.tandem.core.plan;

import java.util.List;

/**
 * One complete way through the model.
 *
 * @param weight share of the requests that take this lane, relative to the other lanes' weights
 * @param variant which variant of the model runs; the model's own name where no family is given
 * @param stages in the order of their segments
 * @param edges what travels between shards, and between them and the gateway
 */
public record Lane(double weight, String variant, List<Stage> stages, List<Edge> edges) {

    public Lane {
        stages = List.copyOf(stages);
        edges = List.copyOf(edges);
        if (!(weight > 0)) {
            throw new IllegalArgumentException("weight (" + weight + ") of a lane must be above 0");
        }
    }

    public Shard shard(Endpoint endpoint) {
        return stages.get(endpoint.stage()).shards().get(endpoint.shard());
    }
}
