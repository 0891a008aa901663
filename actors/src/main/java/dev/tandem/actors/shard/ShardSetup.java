package dev.tandem.actors.shard;

import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Shard;
import dev.tandem.inference.runtime.SessionSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a shard is made from.
 *
 * @param laneIndex index of the lane in its plan
 * @param tensors full specs of the tensors that the shard reads or writes
 * @param model the shard's ONNX submodel, with its weights beside it
 * @param window requests whose pieces it holds at a time
 * @param frameBytes largest payload of a frame that it sends
 */
public record ShardSetup(
        long epoch,
        int laneIndex,
        Lane lane,
        Endpoint endpoint,
        Map<String, TensorSpec> tensors,
        Path model,
        SessionSettings session,
        int window,
        int frameBytes) {

    public ShardSetup {
        tensors = Map.copyOf(tensors);
    }

    public Shard shard() {
        return lane.shard(endpoint);
    }

    @Override
    public String toString() {
        return "shard " + endpoint + " of lane " + laneIndex + " of epoch " + epoch;
    }
}
