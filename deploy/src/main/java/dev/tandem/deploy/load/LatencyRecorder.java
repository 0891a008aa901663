package dev.tandem.deploy.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies with three digits, from a microsecond to an hour. Used by one thread. */
final class LatencyRecorder {

    private static final int DIGITS = 3;
    private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEDIAN = 50;
    private static final double NINETIETH = 90;
    private static final double NINETY_NINTH = 99;

    private final Histogram micros = new Histogram(MAX_MICROS, DIGITS);

    void record(long nanos) {
        micros.recordValue(Math.min(MAX_MICROS, Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    boolean isEmpty() {
        return micros.getTotalCount() == 0;
    }

    LoadFigures figures(long elapsedNanos) {
        double seconds = elapsedNanos / NANOS_PER_SECOND;
        return new LoadFigures(
                micros.getTotalCount(),
                seconds,
                seconds > 0 ? micros.getTotalCount() / seconds : 0,
                micros.getValueAtPercentile(MEDIAN) / MICROS_PER_SECOND,
                micros.getValueAtPercentile(NINETIETH) / MICROS_PER_SECOND,
                micros.getValueAtPercentile(NINETY_NINTH) / MICROS_PER_SECOND,
                micros.getMaxValue() / MICROS_PER_SECOND);
    }
}
