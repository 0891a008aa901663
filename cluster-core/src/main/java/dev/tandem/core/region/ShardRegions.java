package dev.tandem.core.region;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one shard of a segment reads and writes.
 *
 * @param inputs region of each tensor that the shard reads, halo included; not all that the segment reads need be among them
 * @param outputs region of each tensor that the segment writes; those of a segment's shards are disjoint
 */
public record ShardRegions(Map<String, Region> inputs, Map<String, Region> outputs) {

    public ShardRegions {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
