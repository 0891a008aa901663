package dev.tandem.core.variant;

import java.util.List;

/**
 * A batch as it is shared out: one lane for each variant that a place runs.
 *
 * @param images of the whole batch
 * @param nanos until the last image is classified
 * @param accuracySum over the images, in {@link Variant#UNITS}
 */
public record Shares(List<Lane> lanes, int images, long nanos, long accuracySum) {

    private static final double NANOS = 1e9;

    /** Images that a place classifies by one variant; at least one. */
    public record Lane(String place, String variant, int images) {}

    public Shares {
        lanes = List.copyOf(lanes);
    }

    /** The batch over the time until its last image is classified. */
    public double imagesPerSecond() {
        return images * NANOS / nanos;
    }

    /** Mean accuracy over the batch. */
    public double accuracy() {
        return (double) accuracySum / images / Variant.UNITS;
    }

    /** Whether both requirements hold. */
    public boolean meets(ShareRequest request) {
        return nanos <= request.deadlineNanos(images) && accuracySum >= request.accuracySum(images);
    }

    /** By what share of what is required it falls short, of rate or accuracy, whichever is worse; 0 where it meets both. */
    public double violation(ShareRequest request) {
        if (meets(request)) {
            return 0;
        }
        double rate = 1 - (double) request.deadlineNanos(images) / nanos;
        double accurate = 1 - (double) accuracySum / request.accuracySum(images);
        return Math.max(0, Math.max(rate, accurate));
    }
}
