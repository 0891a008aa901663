package dev.tandem.harness.testbed;

import java.util.List;

/**
 * How near the core groups of a test bed are to their shares, measured while all of them computed at once.
 *
 * @param groups in the order of the file
 * @param tolerance that was to be kept
 * @param rounds of adjustment
 */
public record Calibration(List<Share> groups, double tolerance, int rounds) {

    /** The bound of the project: a twentieth. */
    public static final double TOLERANCE = 0.05;

    /**
     * A core group.
     *
     * @param asked part of a CPU
     * @param time part of a CPU that its threads had
     * @param rate work that they did, of what a CPU does that is never taken away while the others are busy, too
     * @param quotaMicros that the kernel gives in each period
     * @param shortestMillis work that takes at least so long is slowed as asked within a tenth; shorter work is too fast
     */
    public record Share(
            String node,
            String group,
            double asked,
            double time,
            double rate,
            long quotaMicros,
            long periodMicros,
            long shortestMillis) {

        /** How far the rate is from what was asked: 0.05 is a twentieth too fast. */
        public double error() {
            return rate / asked - 1;
        }
    }

    public Calibration {
        groups = List.copyOf(groups);
    }

    /** Whether every core group is as fast as asked. */
    public boolean isWithinTolerance() {
        return groups.stream().allMatch(share -> Math.abs(share.error()) <= tolerance);
    }

    /** The largest distance from what was asked. */
    public double worstError() {
        return groups.stream()
                .mapToDouble(share -> Math.abs(share.error()))
                .max()
                .orElse(0);
    }
}
