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
    /** Accuracies at the required rate, where both keep it with all images. */
    ACCURACY_WHERE_BOTH_KEEP_RATE("accuracy where both keep the rate, points", false),
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

    /** Tandem beside one strategy. */
    OptionalDouble beside(ShareStrategy strategy, Trial trial) {
        return beside(List.of(strategy), trial);
    }

    /** Tandem beside the mean of the compared strategies. */
    OptionalDouble besideMean(Trial trial) {
        return beside(COMPARED, trial);
    }

    /** What would be the most that any strategy could have, in place of Tandem; empty where no bound is known. */
    OptionalDouble boundBesideMean(Trial trial) {
        return switch (this) {
            case RATE_AT_REQUIRED_ACCURACY ->
                compare(trial.rateBound(), COMPARED, trial, answer -> answer.rateAtAccuracy()
                        .orElse(Double.NaN));
            case CORRECT_AT_REQUIRED_RATE -> compare(trial.correctBound(), COMPARED, trial, Answer::correctInTime);
            default -> OptionalDouble.empty();
        };
    }

    private OptionalDouble beside(List<ShareStrategy> others, Trial trial) {
        return switch (this) {
            case RATE_AT_REQUIRED_ACCURACY ->
                ofTandem(others, trial, answer -> answer.rateAtAccuracy().orElse(Double.NaN));
            case CORRECT_AT_REQUIRED_RATE -> ofTandem(others, trial, Answer::correctInTime);
            case ACCURACY_WHERE_BOTH_KEEP_RATE ->
                ofTandem(others, trial, answer -> answer.accuracyAtRate().orElse(Double.NaN));
            case RATE_AT_EQUAL_ACCURACY -> mean(others, trial, Answer::tandemRateRatio);
            case ACCURACY_AT_EQUAL_RATE -> mean(others, trial, Answer::tandemPoints);
            case RAW_RATE -> ofTandem(others, trial, Answer::imagesPerSecond);
            case RAW_ACCURACY -> ofTandem(others, trial, Answer::accuracy);
        };
    }

    private OptionalDouble ofTandem(List<ShareStrategy> others, Trial trial, ToDoubleFunction<Answer> figure) {
        return compare(figure.applyAsDouble(trial.of(ShareStrategy.TANDEM)), others, trial, figure);
    }

    private OptionalDouble compare(
            double tandem, List<ShareStrategy> others, Trial trial, ToDoubleFunction<Answer> figure) {
        double mean =
                others.stream().map(trial::of).mapToDouble(figure).average().orElseThrow();
        double compared = isRatio ? tandem / mean : POINTS * (tandem - mean);
        return Double.isNaN(compared) ? OptionalDouble.empty() : OptionalDouble.of(compared);
    }

    private static OptionalDouble mean(List<ShareStrategy> others, Trial trial, ToDoubleFunction<Answer> figure) {
        return others.stream().map(trial::of).mapToDouble(figure).average();
    }
}
