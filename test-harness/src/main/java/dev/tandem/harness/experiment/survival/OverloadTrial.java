package dev.tandem.harness.experiment.survival;

import java.util.Map;

/**
 * More was asked for than a cluster can do, and then less again.
 *
 * @param peakPerSecond answers when as many requests as fit were on their way at any time, measured before
 * @param perSecond requests that were asked for, at fixed intervals
 * @param seconds for which
 * @param deadlineSeconds of each request
 * @param goodPerSecond right answers within their deadline
 * @param refused requests that were refused for overload
 * @param late requests that were taken and not answered in time
 * @param others requests that failed for another reason, or were answered wrongly
 * @param slowestSeconds latency of the slowest answer
 * @param normalP99Seconds latency at half of the peak, before
 * @param againP99Seconds the same from 2 s after the overload on
 * @param grownMib by member, what it holds more at the end than after the first tenth, in memory of its own
 */
public record OverloadTrial(
        Cell which,
        double peakPerSecond,
        double perSecond,
        double seconds,
        double deadlineSeconds,
        double goodPerSecond,
        long refused,
        long late,
        long others,
        double slowestSeconds,
        double normalP99Seconds,
        double againP99Seconds,
        Map<String, Double> grownMib) {

    /** Which trial it was. */
    public record Cell(String bed, int round) {}

    public OverloadTrial {
        grownMib = Map.copyOf(grownMib);
    }

    /** Good answers beside the peak. */
    public double goodput() {
        return goodPerSecond / peakPerSecond;
    }
}
