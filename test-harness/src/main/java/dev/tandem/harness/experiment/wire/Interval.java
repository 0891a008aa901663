package dev.tandem.harness.experiment.wire;

import java.time.Duration;

/** How long something is sent before it is measured, and how long it is measured. */
record Interval(Duration warmUp, Duration measured) {

    /** The sender goes on a little longer, so that the receiver never measures the end of the stream. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    Interval {
        if (warmUp.isNegative() || measured.isNegative() || measured.isZero()) {
            throw new IllegalArgumentException(
                    "warm-up (" + warmUp + ") must not be negative, and measured (" + measured + ") must be above 0");
        }
    }

    Duration whole() {
        return warmUp.plus(measured).plus(MARGIN);
    }

    Arrivals arrivals() {
        return new Arrivals(warmUp.toNanos(), measured.toNanos());
    }
}
