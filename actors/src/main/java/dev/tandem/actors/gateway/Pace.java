package dev.tandem.actors.gateway;

import java.util.Arrays;

/**
 * How fast requests are answered while others wait for room: the mean time from one answer to the next over the last of them. The
 * longest are left out, since a pause while something lost is replaced says nothing of what comes after it. Used by the gateway's
 * thread only.
 */
final class Pace {

    /** Answers from several lanes come in bunches; so many hold several of these. */
    private static final int KEPT = 64;

    private static final int LEFT_OUT = 2;

    /** Fewer say too little. */
    private static final int LEAST = 8;

    private final long[] nanos = new long[KEPT];
    private long count;
    private long lastNanos;
    private boolean follows;

    /**
     * A request was answered.
     *
     * @param othersWait whether requests waited for room until now; otherwise the time says when they were asked
     */
    void answered(long nowNanos, boolean othersWait) {
        if (follows && othersWait) {
            nanos[(int) (count++ % KEPT)] = nowNanos - lastNanos;
        }
        follows = othersWait;
        lastNanos = nowNanos;
    }

    /** Nanoseconds in which so many are answered; 0 while that is not known. */
    long nanosFor(int requests) {
        int known = (int) Math.min(count, KEPT);
        if (known < LEAST) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        int taken = known - LEFT_OUT;
        return Math.round(Arrays.stream(sorted, 0, taken).average().orElse(0) * requests);
    }
}
