package dev.tandem.core.plan;

import java.util.List;

/**
 * A set of weighted lanes: what runs where. Every way of dividing a model is written in this form, baselines included.
 *
 * @param model the model's name
 * @param modelDigest {@link dev.tandem.core.graph.ModelGraph#digest()} of the model that the plan was made for
 * @param scheme how it came about, in a word: single, pipeline, rows, lanes, or the name of a published scheme
 */
public record Plan(String model, String modelDigest, String scheme, List<Lane> lanes, PlanScore predicted) {

    public Plan {
        lanes = List.copyOf(lanes);
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("plan for " + model + " must have at least one lane");
        }
    }

    /** Memory that the shards on a node are predicted to hold, all together. */
    public long memoryBytes(String node) {
        return predicted.shards().stream()
                .filter(score -> lanes.get(score.lane())
                        .shard(score.shard())
                        .place()
                        .node()
                        .equals(node))
                .mapToLong(PlanScore.ShardScore::memoryBytes)
                .sum();
    }
}
