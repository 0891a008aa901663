package dev.tandem.core.variant;

/**
 * What is required of a batch.
 *
 * @param imagesPerSecond the batch over the time until its last image is classified, at least
 * @param accuracy mean over the batch, at least
 */
public record ShareRequest(double imagesPerSecond, double accuracy) {

    private static final double NANOS = 1e9;
    private static final double ROUNDING = 1e-6;

    public ShareRequest {
        if (!(imagesPerSecond > 0 && Double.isFinite(imagesPerSecond)) || !(accuracy > 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("required rate (" + imagesPerSecond
                    + " images per second) must be above 0, and required accuracy (" + accuracy
                    + ") above 0 and at most 1");
        }
    }

    /** The time by which a batch must be done. */
    public long deadlineNanos(int images) {
        return (long) Math.floor(NANOS * images / imagesPerSecond + ROUNDING);
    }

    /** The least sum of accuracies over a batch, in {@link Variant#UNITS}. */
    public long accuracySum(int images) {
        return (long) Math.ceil(accuracy * Variant.UNITS * images - ROUNDING);
    }

    /** The same with both requirements lowered to this share of themselves. */
    ShareRequest relaxed(double share) {
        return new ShareRequest(imagesPerSecond * share, accuracy * share);
    }
}
