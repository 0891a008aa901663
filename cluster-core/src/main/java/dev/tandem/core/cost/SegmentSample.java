package dev.tandem.core.cost;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Interval;
import java.util.Map;

/**
 * A part of a model that was taken out and timed.
 *
 * @param rows computed rows of the tensors inside, halo included, as
 *     {@link dev.tandem.core.region.ReceptiveField#rows} says; empty for the segment with all its rows
 * @param seconds of one run, above 0
 */
public record SegmentSample(Segment segment, Map<String, Interval> rows, double seconds) {

    public SegmentSample {
        rows = Map.copyOf(rows);
        if (!(seconds > 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(
                    "seconds (" + seconds + ") of segment " + segment + " must be finite and above 0");
        }
    }
}
