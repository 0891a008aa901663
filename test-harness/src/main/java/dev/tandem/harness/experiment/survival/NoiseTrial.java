package dev.tandem.harness.experiment.survival;

import java.util.List;

/**
 * A long time in which nothing stayed quite as fast as it was.
 *
 * @param capacityPerSecond of all nodes, measured
 * @param perSecond requests, at fixed intervals
 * @param changes of a machine's speed and of its link's
 * @param moveSeconds when requests were dealt by another plan for the first time, since the first change
 */
public record NoiseTrial(
        Cell which,
        double capacityPerSecond,
        double perSecond,
        int changes,
        List<Double> moveSeconds,
        LoadOutcome outcome) {

    /**
     * Which trial it was.
     *
     * @param seed of the changes
     * @param seconds from the first change to the last
     */
    public record Cell(String bed, long seed, double seconds) {}

    public NoiseTrial {
        moveSeconds = List.copyOf(moveSeconds);
    }

    /** Whether nothing was moved for it, and nothing lost or wrong. */
    public boolean pass() {
        return moveSeconds.isEmpty() && outcome.keepsAll();
    }
}
