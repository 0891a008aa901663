package dev.tandem.core.plan;

import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One core group's part of a stage.
 *
 * @param inputs region that it needs of each tensor that the segment reads, halo included; a tensor of which it needs nothing
 *     need not be named
 * @param outputs region that it computes of each tensor that the segment writes
 */
public record Shard(CoreGroupId place, Map<String, Region> inputs, Map<String, Region> outputs) {

    public Shard {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
