package dev.tandem.harness.testbed;

import java.time.Duration;

/**
 * A share of a CPU as the kernel's scheduler gives it: so much of every period, and nothing for the rest of it.
 *
 * <p>What computes for less than the quota is not slowed at all, and longer work ends a period or a little more too early, so
 * that only what takes many periods sees the share. Still shorter ones are no better: the kernel takes no quota below a
 * millisecond and charges CPU time every few milliseconds only, so that groups that compute at the same time would take it
 * from each other and lose a tenth of their quotas.
 */
record CpuQuota(long quotaMicros, long periodMicros) {

    /** The least that is told apart from its neighbours when it is adjusted; smaller ones get a longer period. */
    static final double LEAST_SHARE = 0.05;

    /** The kernel has no periods of more than a second. */
    private static final double LEAST_POSSIBLE = 0.001;

    private static final long PERIOD_MICROS = 10_000;
    private static final long LEAST_QUOTA_MICROS = 1_000;
    /** How much too early work ends at most, in periods; as measured with several shares and periods. */
    private static final double EARLY_PERIODS = 1.3;

    private static final double MICROS_PER_MILLI = 1e3;

    /** @throws IllegalArgumentException for a share that the kernel cannot give */
    static CpuQuota of(double share) {
        if (!(share >= LEAST_POSSIBLE)) {
            throw new IllegalArgumentException("share (" + share + ") of a CPU must be at least " + LEAST_POSSIBLE
                    + ", the least that the kernel can give.");
        }
        long quota = Math.max(LEAST_QUOTA_MICROS, Math.round(share * PERIOD_MICROS));
        return new CpuQuota(quota, Math.max(PERIOD_MICROS, Math.round(quota / share)));
    }

    /** Part of a CPU over a long time. */
    double share() {
        return (double) quotaMicros / periodMicros;
    }

    /**
     * Work that takes at least so long, as it is slowed, takes the time that the share says within a tolerance.
     *
     * @param tolerance such as 0.1 for a tenth
     */
    Duration shortestHonest(double tolerance) {
        return Duration.ofMillis((long) Math.ceil(EARLY_PERIODS * periodMicros / MICROS_PER_MILLI / tolerance));
    }
}
