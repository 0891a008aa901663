package dev.tandem.harness.experiment.drift;

import java.util.List;

/**
 * A machine changed while the cluster was saturated, and changed back.
 *
 * @param before while nothing had changed
 * @param slow while the machine was slower
 * @param again after it was as fast as before
 * @param failures what went wrong, one entry each
 */
public record DriftTrial(Cell which, double before, Phase slow, Phase again, List<String> failures) {

    /** Which trial it was. */
    public record Cell(String bed, String model, Change change, String node, int round) {}

    /**
     * Requests per second after a change.
     *
     * @param adaptive from second 5 to 25 after it, with what the cluster makes of it
     * @param kept with the plan from before the change
     * @param anew with a plan that was ordered after it
     * @param plan in words, that was ordered after it
     * @param slowestSeconds latency of the slowest answer in the adaptive time
     */
    public record Phase(double adaptive, double kept, double anew, String plan, double slowestSeconds) {

        /** Beside the better of both others. */
        public double ratio() {
            return adaptive / Math.max(kept, anew);
        }
    }

    public DriftTrial {
        failures = List.copyOf(failures);
    }
}
