package dev.tandem.harness.experiment.survival;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What answers say of a fault at some time of the load; seconds.
 *
 * @param slowestBefore the longest latency until the fault, among those of which {@code p99Before} is
 * @param recovery the longest wait since the fault
 * @param recovered when that wait was over, since the fault
 */
record Figures(double p99Before, double slowestBefore, double recovery, double recovered, double p99After) {

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
        Optional<Answer> slowest = answers.stream()
                .filter(answer ->
                        answer.scheduledSeconds() > faultSeconds - UNDER_WAY && answer.endSeconds() > faultSeconds)
                .max(Comparator.comparingDouble(answer -> waitSince(faultSeconds, answer)));
        Predicate<Answer> undisturbed =
                answer -> answer.scheduledSeconds() > WARM_UP && answer.endSeconds() < faultSeconds;
        return new Figures(
                p99(answers, undisturbed),
                answers.stream()
                        .filter(undisturbed)
                        .mapToDouble(Answer::latencySeconds)
                        .max()
                        .orElse(Double.NaN),
                slowest.map(answer -> waitSince(faultSeconds, answer)).orElse(0.0),
                slowest.map(answer -> answer.endSeconds() - faultSeconds).orElse(0.0),
                p99(answers, answer -> answer.scheduledSeconds() > settledSeconds));
    }

    private static double waitSince(double faultSeconds, Answer answer) {
        return answer.endSeconds() - Math.max(answer.scheduledSeconds(), faultSeconds);
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
