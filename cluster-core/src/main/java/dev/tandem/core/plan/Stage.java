package dev.tandem.core.plan;

import dev.tandem.core.graph.Segment;
import java.util.List;

/** A segment of the model, divided into shards that compute it side by side. */
public record Stage(Segment segment, List<Shard> shards) {

    public Stage {
        shards = List.copyOf(shards);
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("stage of " + segment + " must have at least one shard");
        }
    }
}
