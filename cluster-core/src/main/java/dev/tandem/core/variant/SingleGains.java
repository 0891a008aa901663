package dev.tandem.core.variant;

/** A place that runs one variant on all of its images. */
final class SingleGains implements PlaceGains {

    private final int[] gains;
    private final long[] nanos;

    SingleGains(int[] gains, long[] nanos) {
        this.gains = gains.clone();
        this.nanos = nanos.clone();
    }

    @Override
    public int most(int images, long deadlineNanos) {
        int level = level(images, deadlineNanos);
        return level == NONE ? NONE : images * gains[level];
    }

    @Override
    public int[] imagesByLevel(int images, long deadlineNanos) {
        int[] counts = new int[gains.length];
        counts[level(images, deadlineNanos)] = images;
        return counts;
    }

    private int level(int images, long deadlineNanos) {
        int best = NONE;
        for (int level = 0; level < gains.length; level++) {
            boolean isInTime = images * nanos[level] <= deadlineNanos;
            if (isInTime && (best == NONE || gains[level] > gains[best])) {
                best = level;
            }
        }
        return best;
    }
}
