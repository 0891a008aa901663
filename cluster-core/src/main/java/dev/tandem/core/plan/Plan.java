package dev.tandem.core.plan;

import java.util.List;

/**
 * A set of weighted lanes, and others that stand by: what runs where. Every way of dividing a model is written in this form, baselines included.
 *
 * @param model the model's name
 * @param modelDigest {@link dev.tandem.core.graph.ModelGraph#digest()} of the model that the plan was made for
 * @param scheme how it came about, in a word: single, pipeline, rows, lanes, or the name of a published scheme
 * @param lanes those that stand by after the others
 */
public record Plan(String model, String modelDigest, String scheme, List<Lane> lanes, PlanScore predicted) {

    public Plan {
        lanes = List.copyOf(lanes);
        if (lanes.stream().allMatch(Lane::isStandby)) {
            throw new IllegalArgumentException("plan for " + model + " must have at least one lane with a weight");
        }
        if (lanes.stream().dropWhile(lane -> !lane.isStandby()).anyMatch(lane -> !lane.isStandby())) {
            throw new IllegalArgumentException(
                    "lanes of weight 0, which stand by, must come after the others of the plan for " + model);
        }
    }

    /** The lanes that requests are dealt to as long as nothing is lost. */
    public List<Lane> working() {
        return lanes.stream().filter(lane -> !lane.isStandby()).toList();
    }

    /** The plan without the lanes that stand by, of which everything that is predicted is the same. */
    public Plan withoutStandby() {
        List<Lane> working = working();
        List<PlanScore.ShardScore> shards = predicted.shards().stream()
                .filter(score -> score.lane() < working.size())
                .toList();
        PlanScore score = new PlanScore(
                predicted.latencySeconds(),
                predicted.throughputPerSecond(),
                shards,
                predicted.bottleneck(),
                predicted.energy());
        return new Plan(model, modelDigest, scheme, working, score);
    }

    /** The lanes that stand by, the one to use first before the others. */
    public List<Lane> standby() {
        return lanes.stream().filter(Lane::isStandby).toList();
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
