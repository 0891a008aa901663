package dev.tandem.harness.experiment.survival;

import java.util.List;

/**
 * What became of the requests of a load in which things went wrong from some time on.
 *
 * @param requests that left
 * @param failures why requests were not answered, one entry each
 * @param failureSeconds when, since the first fault; none in records of old
 * @param wrong answers that differ from the unsplit model's
 * @param p99BeforeSeconds latency until the first fault
 * @param p99Seconds latency since then
 * @param slowestSeconds latency since then
 */
public record LoadOutcome(
        int requests,
        List<String> failures,
        List<Double> failureSeconds,
        int wrong,
        double p99BeforeSeconds,
        double p99Seconds,
        double slowestSeconds) {

    public LoadOutcome {
        failures = List.copyOf(failures);
        failureSeconds = failureSeconds == null ? List.of() : List.copyOf(failureSeconds);
    }

    /** @param faultSeconds since the load began */
    static LoadOutcome of(List<Answer> answers, double faultSeconds) {
        List<Answer> since = answers.stream()
                .filter(answer -> answer.endSeconds() > faultSeconds)
                .toList();
        List<Answer> failed =
                answers.stream().filter(answer -> !answer.failure().isEmpty()).toList();
        return new LoadOutcome(
                answers.size(),
                failed.stream().map(Answer::failure).toList(),
                failed.stream()
                        .map(answer -> answer.endSeconds() - faultSeconds)
                        .toList(),
                (int) answers.stream()
                        .filter(answer -> answer.failure().isEmpty() && !answer.isRight())
                        .count(),
                Figures.of(answers, faultSeconds, faultSeconds).p99Before(),
                Figures.p99(since, answer -> true),
                since.stream().mapToDouble(Answer::latencySeconds).max().orElse(Double.NaN));
    }

    /** Whether nothing was lost or wrong. */
    public boolean keepsAll() {
        return failures.isEmpty() && wrong == 0;
    }
}
