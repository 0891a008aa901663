package dev.tandem.harness.experiment.share;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.tandem.core.variant.ShareStrategy;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A figure of Tandem beside another strategy for one request: a ratio of rates, above 1 where Tandem is quicker, or a
 * difference of accuracies in points, above 0 where Tandem is more accurate. Empty where there is nothing to compare.
 */
public enum Measure {
    /** Rates of the quickest shares that have the required accuracy. */
    RATE_AT_REQUIRED_ACCURACY("rate at the required accuracy", true),
    /** Images that are classified correctly in time at the required rate; late ones count as wrong. */
    CORRECT_AT_REQUIRED_RATE("correct in time at the required rate, points", false),
    /** Accuracies at the required rate, where Tandem and the others keep it with all images. */
    ACCURACY_WHERE_ALL_KEEP_RATE("accuracy where all keep the rate, points", false),
    /** Tandem asked for the accuracy of the other's answer. */
    RATE_AT_EQUAL_ACCURACY("rate at its accuracy", true),
    /** Tandem asked for the rate of the other's answer. */
    ACCURACY_AT_EQUAL_RATE("accuracy at its rate, points", false),
    /** Rates of the answers as they are. */
    RAW_RATE("rate of the answers", true),
    /** Accuracies of the answers as they are. */
    RAW_ACCURACY("accuracy of the answers, points", false);

    /** Those that ASP-DAC'24 may have been compared with, and itself. */
    static final List<ShareStrategy> COMPARED = List.of(
            ShareStrategy.UNIFORM,
            ShareStrategy.PROPORTIONAL,
            ShareStrategy.UNIFORM_APPROXIMATED,
            ShareStrategy.PROPORTIONAL_APPROXIMATED);

    /** Of these the ones that choose variants. */
    static final List<ShareStrategy> APPROXIMATED =
            List.of(ShareStrategy.UNIFORM_APPROXIMATED, ShareStrategy.PROPORTIONAL_APPROXIMATED);

    private static final double POINTS = 100;

    private final String label;
    private final boolean isRatio;

    Measure(String label, boolean isRatio) {
        this.label = label;
        this.isRatio = isRatio;
    }

    /** For people. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Whether it is a ratio of rates, not a difference. */
    public boolean isRatio() {
        return isRatio;
    }

    /** Tandem beside the mean of some strategies. */
    OptionalDouble beside(List<ShareStrategy> others, Trial trial) {
        return switch (this) {
            case RATE_AT_EQUAL_ACCURACY -> mean(others, trial, Answer::tandemRateRatio);
            case ACCURACY_AT_EQUAL_RATE -> mean(others, trial, Answer::tandemPoints);
            default -> compare(figure(trial.of(ShareStrategy.TANDEM)), others, trial);
        };
    }

    /** The most that any strategy could have, in place of Tandem; empty where no bound is meant. */
    OptionalDouble boundBeside(List<ShareStrategy> others, Trial trial) {
        return switch (this) {
            case RATE_AT_REQUIRED_ACCURACY -> compare(trial.rateBound(), others, trial);
            case CORRECT_AT_REQUIRED_RATE -> compare(trial.correctBound(), others, trial);
            case ACCURACY_WHERE_ALL_KEEP_RATE -> compare(trial.accuracyBound(), others, trial);
            case RATE_AT_EQUAL_ACCURACY -> mean(others, trial, Answer::boundRateRatio);
            case ACCURACY_AT_EQUAL_RATE -> mean(others, trial, Answer::boundPoints);
            case RAW_RATE, RAW_ACCURACY -> OptionalDouble.empty();
        };
    }

    /** Of one answer; not a number where it has none. */
    private double figure(Answer answer) {
        return switch (this) {
            case RATE_AT_REQUIRED_ACCURACY -> answer.rateAtAccuracy().orElse(Double.NaN);
            case CORRECT_AT_REQUIRED_RATE -> answer.correctInTime();
            case ACCURACY_WHERE_ALL_KEEP_RATE -> answer.accuracyAtRate().orElse(Double.NaN);
            case RATE_AT_EQUAL_ACCURACY, RAW_RATE -> answer.imagesPerSecond();
            case ACCURACY_AT_EQUAL_RATE, RAW_ACCURACY -> answer.accuracy();
        };
    }

    private OptionalDouble compare(double tandem, List<ShareStrategy> others, Trial trial) {
        double mean = others.stream()
                .map(trial::of)
                .mapToDouble(this::figure)
                .average()
                .orElseThrow();
        double compared = isRatio ? tandem / mean : POINTS * (tandem - mean);
        return Double.isNaN(compared) ? OptionalDouble.empty() : OptionalDouble.of(compared);
    }

    private static OptionalDouble mean(List<ShareStrategy> others, Trial trial, ToDoubleFunction<Answer> figure) {
        return others.stream().map(trial::of).mapToDouble(figure).average();
    }
}
