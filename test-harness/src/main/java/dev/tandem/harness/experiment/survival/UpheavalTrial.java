package dev.tandem.harness.experiment.survival;

import java.util.OptionalDouble;

/**
 * Much happened to a cluster under load.
 *
 * @param capacityPerSecond of three of its nodes, measured
 * @param perSecond requests, at fixed intervals
 * @param seconds from the first fault to the end of the load
 * @param joinedSeconds from when a node that joined was up and measured to the first request dealt by a plan with it, where
 *     one was awaited
 */
public record UpheavalTrial(
        Cell which,
        double capacityPerSecond,
        double perSecond,
        double seconds,
        LoadOutcome outcome,
        OptionalDouble joinedSeconds) {

    /** Which trial it was. */
    public record Cell(String bed, Upheaval upheaval, int round) {}

    /** Whether nothing was lost or wrong. */
    public boolean pass() {
        return outcome.keepsAll();
    }
}
