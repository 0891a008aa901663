package dev.tandem.core.adapt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.stream.Stream;

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

    /** A core group that becomes slow within so many windows of a trial has failed it. */
    static final int TRIAL_WINDOWS = 20;

    /** Without windows for so long, or for three times as long as the last one was, a core group has no work. */
    static final Duration IDLE = Duration.ofSeconds(2);

    private static final int IDLE_WINDOWS = 3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Deque<SpeedSample> recent = new ArrayDeque<>();
    private double best = Double.NaN;
    private double believed = Double.NaN;
    /** Whether the best was shown without rests. */
    private boolean isProven;

    private long lastSampleNanos;
    private double lastWallSeconds;
    private long slowSinceNanos;
    private int windowsOnTrial;
    private boolean isTried;
    private int waits = 1;

    /** @param nowNanos when the window ended */
    void add(SpeedSample sample, long nowNanos) {
        lastSampleNanos = nowNanos;
        lastWallSeconds = sample.wallSeconds();
        recent.addLast(sample);
        if (recent.size() > WINDOWS) {
            recent.removeFirst();
        }
        if (isTried && ++windowsOnTrial > TRIAL_WINDOWS) {
            isTried = false;
            waits = 1;
        }
        if (recent.size() >= LEAST_WINDOWS) {
            judge(nowNanos);
        }
    }

    private void judge(long nowNanos) {
        double speed = median(counted().mapToDouble(SpeedSample::speed).toArray());
        boolean isWorking = median(counted().mapToDouble(SpeedSample::busyShare).toArray()) >= WORKING;
        if (Double.isNaN(believed)) {
            believed = isWorking ? speed : Math.min(speed, 1);
            best = believed;
            isProven = isWorking;
            slowSinceNanos = nowNanos;
        } else if (speed < believed * (1 - DEAD_BAND)) {
            slowDown(speed, nowNanos);
        } else if (speed > believed * (1 + DEAD_BAND)) {
            speedUp(speed, isWorking, nowNanos);
        }
    }

    /** An odd number of windows: half way between what was and what is now is true of neither. */
    private Stream<SpeedSample> counted() {
        return recent.stream().skip((recent.size() + 1) % 2);
    }

    /** A slow core group that becomes slower still has not failed anew. */
    private void slowDown(double speed, long nowNanos) {
        if (isTried) {
            waits = Math.min(2 * waits, MOST_WAITS);
        } else if (believed >= best * (1 - DEAD_BAND)) {
            waits = 1;
        }
        isTried = false;
        slowSinceNanos = nowNanos;
        believed = speed;
    }

    /** Between rests no more is believed than what the core group has shown, or was measured with. */
    private void speedUp(double speed, boolean isWorking, long nowNanos) {
        if (isWorking) {
            believed = speed;
            best = isProven ? Math.max(best, speed) : speed;
            isProven = true;
        } else if (mayTry(RESTED_WAIT, nowNanos) && allFaster()) {
            attempt(Math.min(speed, Math.max(best, 1)));
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

    private void attempt(double speed) {
        if (speed > believed * (1 + DEAD_BAND)) {
            believed = speed;
            isTried = true;
            windowsOnTrial = 0;
        }
    }

    /** The most that it has shown; empty until enough is known. */
    OptionalDouble best() {
        return Double.isNaN(best) ? OptionalDouble.empty() : OptionalDouble.of(best);
    }

    /** How fast it is taken to be; empty until enough is known. */
    OptionalDouble speed() {
        return Double.isNaN(believed) ? OptionalDouble.empty() : OptionalDouble.of(believed);
    }

    /**
     * Takes it for fast again when it was slow, has no work, and it is time.
     *
     * @param usual what core groups have shown, beside their rates: of one that was never seen to work without rests, as much
     *     is thought possible
     */
    void tryIdle(double usual, long nowNanos) {
        double pause = Math.max((double) IDLE.toNanos(), IDLE_WINDOWS * lastWallSeconds * NANOS_PER_SECOND);
        if (!Double.isNaN(believed) && nowNanos - lastSampleNanos >= pause && mayTry(IDLE_WAIT, nowNanos)) {
            attempt(isProven ? best : Math.max(best, usual));
            recent.clear();
        }
    }

    /** Of an odd number of values. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
