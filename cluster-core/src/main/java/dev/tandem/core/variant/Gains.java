package dev.tandem.core.variant;

import java.math.BigInteger;
import java.util.stream.IntStream;

/**
 * Accuracies of variants as whole numbers that are as small as they can be without rounding: {@code accuracy = least + gain *
 * unit}.
 *
 * @param least accuracy of the least accurate variant, in {@link Variant#UNITS}
 * @param unit greatest common divisor of the differences, at least 1
 */
record Gains(int least, int unit) {

    static Gains of(ShareProblem problem) {
        int least = IntStream.range(0, problem.levels())
                .map(problem::accuracyUnits)
                .min()
                .orElseThrow();
        int divisor = IntStream.range(0, problem.levels())
                .map(level -> problem.accuracyUnits(level) - least)
                .reduce(0, (one, other) -> BigInteger.valueOf(one)
                        .gcd(BigInteger.valueOf(other))
                        .intValue());
        return new Gains(least, Math.max(1, divisor));
    }

    int gain(ShareProblem problem, int level) {
        return (problem.accuracyUnits(level) - least) / unit;
    }

    int[] ofLevels(ShareProblem problem) {
        return IntStream.range(0, problem.levels())
                .map(level -> gain(problem, level))
                .toArray();
    }

    long sum(int images, int gains) {
        return (long) images * least + (long) gains * unit;
    }

    /** The least sum of gains with which so many images have this sum of accuracies. */
    long needed(int images, long accuracySum) {
        long above = accuracySum - (long) images * least;
        return above <= 0 ? 0 : (above + unit - 1) / unit;
    }
}
