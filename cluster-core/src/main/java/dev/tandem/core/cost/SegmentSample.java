package dev.tandem.core.cost;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import java.util.Map;

/**
 * A part of a model that was taken out and timed.
 *
 * @param outputs what is computed of what the segment writes; empty for all of it
 * @param seconds of one run, above 0
 */
public record SegmentSample(Segment segment, Map<String, Region> outputs, double seconds) {

    public SegmentSample {
        outputs = Map.copyOf(outputs);
        if (!(seconds > 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(
                    "seconds (" + seconds + ") of segment " + segment + " must be finite and above 0");
        }
    }
}
