package dev.tandem.deploy.load;

import java.util.Random;

/** When requests are meant to leave, whatever became of those before. Used by one thread. */
public final class Arrivals {

    private static final double NANOS_PER_SECOND = 1e9;

    /** How the time between two requests is distributed. */
    public enum Pattern {
        /** Always the same. */
        CONSTANT,
        /** As from many independent users: exponentially distributed. */
        POISSON
    }

    private final Pattern pattern;
    private final double meanNanos;
    private final Random random;
    private double nextNanos;

    /**
     * @param perSecond mean rate, above 0
     * @param seed the same seed gives the same arrivals
     */
    public Arrivals(Pattern pattern, double perSecond, long seed) {
        if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
            throw new IllegalArgumentException("rate (" + perSecond + ") must be above 0 requests per second.");
        }
        this.pattern = pattern;
        this.meanNanos = NANOS_PER_SECOND / perSecond;
        this.random = new Random(seed);
    }

    /** When the next request is meant to leave, in nanoseconds since the beginning; never earlier than the last one. */
    public long nextNanos() {
        // 1 - x is in (0, 1], so that the logarithm is finite.
        nextNanos += pattern == Pattern.CONSTANT ? meanNanos : -Math.log(1 - random.nextDouble()) * meanNanos;
        return (long) nextNanos;
    }
}
