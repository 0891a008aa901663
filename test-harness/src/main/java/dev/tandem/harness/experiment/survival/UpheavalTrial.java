package dev.tandem.harness.experiment.survival;

import java.util.List;

/**
 * Much happened to a cluster under load.
 *
 * @param capacityPerSecond of three of its nodes, measured
 * @param perSecond requests, at fixed intervals
 * @param seconds from the first fault to the end of the load
 * @param requests that left
 * @param failures why requests were not answered, one entry each
 * @param wrong answers that differ from the unsplit model's
 * @param p99BeforeSeconds latency until the first fault
 * @param p99Seconds latency since then
 * @param slowestSeconds latency since then
 */
public record UpheavalTrial(
        Cell which,
        double capacityPerSecond,
        double perSecond,
        double seconds,
        int requests,
        List<String> failures,
        int wrong,
        double p99BeforeSeconds,
        double p99Seconds,
        double slowestSeconds) {

    /** Which trial it was. */
    public record Cell(String bed, Upheaval upheaval, int round) {}

    public UpheavalTrial {
        failures = List.copyOf(failures);
    }

    /** Whether nothing was lost or wrong. */
    public boolean pass() {
        return failures.isEmpty() && wrong == 0;
    }
}
