package dev.tandem.core.adapt;

/**
 * Calls of a core group in one window.
 *
 * @param predictedSeconds that they take together at the rate that the core group was measured with
 * @param measuredSeconds that they have taken together
 * @param wallSeconds length of the window
 */
public record SpeedSample(double predictedSeconds, double measuredSeconds, double wallSeconds) {

    public SpeedSample {
        require("predictedSeconds", predictedSeconds);
        require("measuredSeconds", measuredSeconds);
        require("wallSeconds", wallSeconds);
    }

    /** How fast the core group was, beside its rate. */
    double speed() {
        return predictedSeconds / measuredSeconds;
    }

    /** Part of the window in which it computed; calls that began before it can make it more than 1. */
    public double busyShare() {
        return measuredSeconds / wallSeconds;
    }

    private static void require(String name, double seconds) {
        if (!(seconds > 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(name + " (" + seconds + ") must be finite and above 0");
        }
    }
}
