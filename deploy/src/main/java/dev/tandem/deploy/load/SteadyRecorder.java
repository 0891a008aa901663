package dev.tandem.deploy.load;

/**
 * Latencies and rate of the answers within a measuring time. Its rate is taken from one answer to another, the last one of
 * the warm-up and the last one in time, so that neither end cuts an inference in two. Used by one thread.
 */
final class SteadyRecorder {

    private final LatencyRecorder recorder = new LatencyRecorder();
    private final long warmNanos;
    private final long endNanos;
    private long markNanos;
    private long lastNanos;

    /** @param startNanos when the first request left, by {@link System#nanoTime()} */
    SteadyRecorder(long startNanos, MeasuringTime time) {
        this.warmNanos = startNanos + time.warmUpNanos();
        this.endNanos = startNanos + time.totalNanos();
        this.markNanos = startNanos;
        this.lastNanos = startNanos;
    }

    /** Takes an answer; to be called in the order of their times. */
    void answer(long atNanos, long latencyNanos) {
        if (atNanos < warmNanos) {
            markNanos = atNanos;
            lastNanos = atNanos;
        } else if (atNanos <= endNanos || recorder.isEmpty()) {
            lastNanos = Math.max(lastNanos, atNanos);
            recorder.record(latencyNanos);
        }
    }

    boolean isOver(long nowNanos) {
        return nowNanos >= endNanos;
    }

    LoadFigures figures() {
        return recorder.figures(lastNanos - markNanos);
    }
}
