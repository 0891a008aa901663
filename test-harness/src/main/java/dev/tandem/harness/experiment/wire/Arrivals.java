package dev.tandem.harness.experiment.wire;

/**
 * Counts bytes as they arrive, from the first arrival after a warm-up to the last one within the time to measure: both
 * ends of the interval are arrivals, so that the size of what arrives at once does not blur the rate. Threading: one
 * thread at a time.
 */
final class Arrivals {

    private final long warmUpNanos;
    private final long measureNanos;
    private boolean started;
    private boolean measuring;
    private long firstNanos;
    private long fromNanos;
    private long toNanos;
    private long bytes;

    Arrivals(long warmUpNanos, long measureNanos) {
        this.warmUpNanos = warmUpNanos;
        this.measureNanos = measureNanos;
    }

    /** So many more bytes are there at this time of {@link System#nanoTime()}. */
    void add(long nowNanos, long arrived) {
        if (!started) {
            started = true;
            firstNanos = nowNanos;
        }
        if (!measuring) {
            if (nowNanos - firstNanos >= warmUpNanos) {
                measuring = true;
                fromNanos = nowNanos;
                toNanos = nowNanos;
            }
        } else if (nowNanos - fromNanos <= measureNanos) {
            bytes += arrived;
            toNanos = nowNanos;
        }
    }

    /**
     * Payload bytes per second.
     *
     * @throws IllegalStateException when too little has arrived to tell
     */
    double bytesPerSecond() {
        if (bytes == 0) {
            throw new IllegalStateException(
                    "nothing arrived after a warm-up of " + warmUpNanos / 1_000_000 + " ms. Maybe measure for longer.");
        }
        return bytes / ((toNanos - fromNanos) / 1e9);
    }
}
