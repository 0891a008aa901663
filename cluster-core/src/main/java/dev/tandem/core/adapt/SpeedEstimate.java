package dev.tandem.core.adapt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * How fast one core group is taken to be, beside its rate, from the windows in which it computed. Not thread-safe.
 *
 * <p>The median of the last five windows counts, of three at the least, and a change of less than 5 % is none: a step is
 * known after three windows, and a window that was disturbed changes nothing. Less speed is believed at once. More speed is
 * believed at once when the core group hardly rested, since whoever works without rest shows what it can do. Between rests
 * calls look faster than they would be in a row where the machine has been given time for the rest (a quota of CPU time, a
 * boost); more speed is a <em>trial</em> then. So is the speed of a core group that was slow when it was last used, and has
 * had no work since. A trial after which the core group turns out slow again makes the next one wait twice as long.
 *
 * <p>All times are of one clock that does not go back, from any origin.
 */
final class SpeedEstimate {

    /** Windows that count. */
    static final int WINDOWS = 5;

    /** Windows without which nothing is known. */
    static final int LEAST_WINDOWS = 3;

    /** Smaller changes are none. */
    static final double DEAD_BAND = 0.05;

    /** From this busy share on a core group hardly rests. */
    static final double WORKING = 0.8;

    /** Until more speed between rests is believed for the first time. */
    static final Duration RESTED_WAIT = Duration.ofSeconds(3);

    /** Until a core group without work is taken for as fast as it once was, for the first time. */
    static final Duration IDLE_WAIT = Duration.ofSeconds(15);

    /** The longest time that one without work waits. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private static final int MOST_WAITS = 1 << 10;

    /** A core group that becomes slow within this time of a trial has failed it. */
    static final Duration TRIAL = Duration.ofSeconds(30);

    /** Without windows for so long, a core group has no work. */
    static final Duration IDLE = Duration.ofSeconds(2);

    private final Deque<SpeedSample> recent = new ArrayDeque<>();
    private double first = Double.NaN;
    private double believed = Double.NaN;
    private long lastSampleNanos;
    private long slowSinceNanos;
    private long triedNanos;
    private boolean isTried;
    private int waits = 1;

    /** @param nowNanos when the window ended */
    void add(SpeedSample sample, long nowNanos) {
        lastSampleNanos = nowNanos;
        recent.addLast(sample);
        if (recent.size() > WINDOWS) {
            recent.removeFirst();
        }
        if (recent.size() >= LEAST_WINDOWS) {
            judge(nowNanos);
        }
    }

    private void judge(long nowNanos) {
        double speed = median(recent.stream().mapToDouble(SpeedSample::speed).toArray());
        boolean isWorking =
                median(recent.stream().mapToDouble(SpeedSample::busyShare).toArray()) >= WORKING;
        if (Double.isNaN(first)) {
            first = isWorking ? speed : Math.min(speed, 1);
            believed = first;
        } else if (speed < believed * (1 - DEAD_BAND)) {
            slowDown(speed, nowNanos);
        } else if (speed > believed * (1 + DEAD_BAND)) {
            speedUp(speed, isWorking, nowNanos);
        }
    }

    private void slowDown(double speed, long nowNanos) {
        boolean isFailedTrial = isTried && nowNanos - triedNanos < TRIAL.toNanos();
        waits = isFailedTrial ? Math.min(2 * waits, MOST_WAITS) : 1;
        isTried = false;
        slowSinceNanos = nowNanos;
        believed = speed;
    }

    /** Between rests no more is believed than what the core group once showed. */
    private void speedUp(double speed, boolean isWorking, long nowNanos) {
        if (isWorking) {
            believed = speed;
        } else if (mayTry(RESTED_WAIT, nowNanos) && allFaster()) {
            attempt(Math.min(speed, Math.max(first, believed)), nowNanos);
        }
    }

    private boolean allFaster() {
        return recent.size() == WINDOWS
                && recent.stream().allMatch(sample -> sample.speed() > believed * (1 + DEAD_BAND));
    }

    private boolean mayTry(Duration firstWait, long nowNanos) {
        long wait = Math.min(firstWait.toNanos() * waits, LONGEST_WAIT.toNanos());
        return nowNanos - slowSinceNanos >= wait;
    }

    private void attempt(double speed, long nowNanos) {
        if (speed > believed * (1 + DEAD_BAND)) {
            believed = speed;
            isTried = true;
            triedNanos = nowNanos;
        }
    }

    /** What it showed at first, which a slow moment later does not change. */
    OptionalDouble first() {
        return Double.isNaN(first) ? OptionalDouble.empty() : OptionalDouble.of(first);
    }

    /** How fast it is taken to be; empty until enough is known. */
    OptionalDouble speed(long nowNanos) {
        boolean isIdle = nowNanos - lastSampleNanos >= IDLE.toNanos();
        if (isIdle && believed < first && mayTry(IDLE_WAIT, nowNanos)) {
            attempt(first, nowNanos);
            recent.clear();
        }
        return Double.isNaN(believed) ? OptionalDouble.empty() : OptionalDouble.of(believed);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
