package dev.tandem.harness.experiment.predicted;

/**
 * One round of one plan: all figures are of the same half minute.
 *
 * @param planned by the supervisor, from what it knew when it made the plan
 * @param predicted with the profile, the machines as fast as they were
 * @param simulated likewise
 * @param measured on the members
 * @param path seconds of computing of one request at a time
 * @param busiest seconds of computing per request of the busiest core group, many in flight
 */
public record Round(
        String model,
        String scheme,
        int number,
        Figures planned,
        Figures predicted,
        Figures simulated,
        Figures measured,
        Pair path,
        Pair busiest) {

    /** The same thing as predicted and as measured, in seconds. */
    public record Pair(double predicted, double measured) {
        double ratio() {
            return measured / predicted;
        }
    }

    /** The model and how it was divided. */
    public record Case(String model, String scheme) {}

    Case which() {
        return new Case(model, scheme);
    }

    /** Measured over simulated. */
    double latencyRatio() {
        return measured.latencySeconds() / simulated.latencySeconds();
    }

    /** Measured over simulated. */
    double throughputRatio() {
        return measured.perSecond() / simulated.perSecond();
    }
}
