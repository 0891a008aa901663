package dev.tandem.deploy.load;

import java.time.Duration;

/**
 * How long load goes on, and from when on it counts.
 *
 * @param warmUp load that is not counted, 0 or more
 * @param measured load that is, more than 0
 */
public record MeasuringTime(Duration warmUp, Duration measured) {

    public MeasuringTime {
        if (warmUp.isNegative() || measured.isNegative() || measured.isZero()) {
            throw new IllegalArgumentException(
                    "warm-up (" + warmUp + ") must not be negative and measured time (" + measured + ") be above 0.");
        }
    }

    long warmUpNanos() {
        return warmUp.toNanos();
    }

    long totalNanos() {
        return warmUp.plus(measured).toNanos();
    }
}
