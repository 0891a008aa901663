package dev.tandem.core.variant;

import java.util.Arrays;

/**
 * A place that may run several variants, each on some of the images: a table of the least time of n images with a sum of
 * gains of at least q, for all n and q. One image more is of one of the variants, so
 *
 * <pre>least(n, q) = min over variants a of least(n - 1, max(0, q - gain(a))) + nanos(a)</pre>
 *
 * which is exact in whole nanoseconds.
 */
final class MixedGains implements PlaceGains {

    private final int[] gains;
    private final long[] nanos;
    /** By images, then by least sum of gains; grows with the latter. */
    private final long[][] least;

    MixedGains(int[] gains, long[] nanos, int images) {
        this.gains = gains.clone();
        this.nanos = nanos.clone();
        int largest = Arrays.stream(gains).max().orElseThrow();
        least = new long[images + 1][];
        least[0] = new long[] {0};
        for (int count = 1; count <= images; count++) {
            least[count] = next(least[count - 1], count * largest);
        }
    }

    /** How large the table is. */
    static long cells(int images, int largestGain) {
        return (long) images * (images + 1) / 2 * largestGain + images + 1;
    }

    private long[] next(long[] before, int largest) {
        long[] row = new long[largest + 1];
        Arrays.fill(row, Long.MAX_VALUE);
        for (int level = 0; level < gains.length; level++) {
            int reach = Math.min(largest, before.length - 1 + gains[level]);
            for (int gain = 0; gain <= reach; gain++) {
                row[gain] = Math.min(row[gain], before[Math.max(0, gain - gains[level])] + nanos[level]);
            }
        }
        return row;
    }

    @Override
    public int most(int images, long deadlineNanos) {
        long[] row = least[images];
        int low = NONE;
        int high = row.length;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (row[middle] <= deadlineNanos) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public int[] imagesByLevel(int images, long deadlineNanos) {
        int[] counts = new int[gains.length];
        int gain = most(images, deadlineNanos);
        for (int left = images; left > 0; left--) {
            int level = lastLevel(left, gain);
            counts[level]++;
            gain = Math.max(0, gain - gains[level]);
        }
        return counts;
    }

    private int lastLevel(int images, int gain) {
        long[] before = least[images - 1];
        for (int level = 0; level < gains.length; level++) {
            int rest = Math.max(0, gain - gains[level]);
            if (rest < before.length && before[rest] + nanos[level] == least[images][gain]) {
                return level;
            }
        }
        throw new IllegalStateException("no variant leads to " + images + " images with gain " + gain);
    }
}
