package dev.tandem.harness.experiment.predicted;

/**
 * What a plan does.
 *
 * @param latencySeconds of one request at a time
 * @param perSecond requests with many in flight
 */
public record Figures(double latencySeconds, double perSecond) {

    public Figures {
        if (!(latencySeconds > 0) || !(perSecond > 0)) {
            throw new IllegalArgumentException(
                    "latency (" + latencySeconds + " s) and rate (" + perSecond + " per second) must be above 0");
        }
    }
}
