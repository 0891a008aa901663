package dev.tandem.actors.gateway;

import java.util.Arrays;

/**
 * How fast requests are answered while others wait for room: the mean time from one answer to the next over the last of them. The
 * longest are left out, since a pause while something lost is replaced says nothing of what comes after it. Beside it how long they
 * were away, which of few slow lanes says more. Used by the gateway's thread only.
 */
final class Pace {

    /** Answers from several lanes come in bunches; so many hold several of these. */
    private static final int KEPT = 64;

    private static final int LEFT_OUT = 2;

    /** Fewer say too little. */
    private static final int LEAST = 8;

    /** That part of the answers were away no longer than is counted upon. */
    private static final double IN_TIME = 0.9;

    /** The same pause makes all that were under way late: no more is counted than this many times what their number says. */
    private static final int MOST_TIMES = 2;

    private final long[] nanos = new long[KEPT];
    private final long[] away = new long[KEPT];
    private long count;
    private long awayCount;
    private long lastNanos;
    private double meanNanos;
    private long slowAwayNanos;
    private boolean isOutdated;
    private boolean follows;

    /**
     * A request was answered.
     *
     * @param othersWait whether requests waited for room until now; otherwise the time says when they were asked
     * @param awayNanos since it was dealt
     */
    void answered(long nowNanos, boolean othersWait, long awayNanos) {
        if (othersWait) {
            away[(int) (awayCount++ % KEPT)] = awayNanos;
        }
        if (follows && othersWait) {
            nanos[(int) (count++ % KEPT)] = nowNanos - lastNanos;
        }
        isOutdated |= othersWait;
        follows = othersWait;
        lastNanos = nowNanos;
    }

    /**
     * Nanoseconds until a request is answered, as nine of ten are; 0 while that is not known.
     *
     * @param underWay requests that were dealt
     * @param before requests that wait in front of it
     */
    long nanosUntilAnswered(int underWay, int before) {
        long slow = Math.min(slowAwayNanos(), MOST_TIMES * nanosFor(underWay + 1));
        return Math.max(nanosFor(underWay + before + 1), nanosFor(before) + slow);
    }

    /** Nanoseconds in which so many are answered; 0 while that is not known. */
    long nanosFor(int requests) {
        look();
        return Math.round(meanNanos * requests);
    }

    private long slowAwayNanos() {
        look();
        return slowAwayNanos;
    }

    /** Each request is weighed, also those that are refused, of which there may be many more than answers. */
    private void look() {
        if (isOutdated) {
            meanNanos = Arrays.stream(sorted(nanos, count))
                    .limit(Math.max(0, known(count) - LEFT_OUT))
                    .average()
                    .orElse(0);
            long[] times = sorted(away, awayCount);
            slowAwayNanos = times.length == 0 ? 0 : times[(int) Math.ceil(IN_TIME * times.length) - 1];
            isOutdated = false;
        }
    }

    /** None where there are too few. */
    private static long[] sorted(long[] kept, long count) {
        long[] sorted = Arrays.copyOf(kept, known(count));
        Arrays.sort(sorted);
        return sorted;
    }

    private static int known(long count) {
        return count < LEAST ? 0 : (int) Math.min(count, KEPT);
    }
}
