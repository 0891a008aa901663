package dev.tandem.harness.experiment.survival;

import java.util.List;
import java.util.function.Predicate;

/** What answers say of a fault at some time of the load; seconds. */
record Figures(double p99Before, double recovery, double p99After) {

    /** The first answers find cold code. */
    private static final double WARM_UP = 1;

    /** Requests that were meant to leave so long before the fault may have been caught by it. */
    private static final double UNDER_WAY = 1;

    private static final double PERCENTILE = 0.99;

    /**
     * @param faultSeconds when the fault was
     * @param settledSeconds from when on it should have no effect any more
     */
    static Figures of(List<Answer> answers, double faultSeconds, double settledSeconds) {
        double recovery = answers.stream()
                .filter(answer ->
                        answer.scheduledSeconds() > faultSeconds - UNDER_WAY && answer.endSeconds() > faultSeconds)
                .mapToDouble(answer -> answer.endSeconds() - Math.max(answer.scheduledSeconds(), faultSeconds))
                .max()
                .orElse(0);
        return new Figures(
                p99(answers, answer -> answer.scheduledSeconds() > WARM_UP && answer.endSeconds() < faultSeconds),
                recovery,
                p99(answers, answer -> answer.scheduledSeconds() > settledSeconds));
    }

    /** Latency of the slowest but one in a hundred of some answers; seconds. */
    static double p99(List<Answer> answers, Predicate<Answer> which) {
        double[] sorted = answers.stream()
                .filter(which)
                .mapToDouble(Answer::latencySeconds)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(PERCENTILE * sorted.length) - 1];
    }
}
