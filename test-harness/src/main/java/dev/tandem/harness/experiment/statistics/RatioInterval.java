package dev.tandem.harness.experiment.statistics;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The geometric mean of paired ratios, and the interval that holds it with a probability of 95 %.
 *
 * <p>Ratios come in k strata, such as one per model, with n<sub>i</sub> ratios x<sub>ij</sub>, such as one per round. The
 * strata are given, each counts the same; rounds are drawn. With y = ln x, the mean m<sub>i</sub> of a stratum's y, and s² =
 * Σ<sub>i</sub> Σ<sub>j</sub> (y<sub>ij</sub> − m<sub>i</sub>)² / ν, ν = Σ<sub>i</sub> (n<sub>i</sub> − 1), the logarithm of
 * the geometric mean is M = Σ m<sub>i</sub> / k, its standard error e = s √(Σ 1/n<sub>i</sub>) / k, and the interval goes
 * from exp(M − t e) to exp(M + t e), t being the 97.5 % point of Student's t with ν degrees of freedom. This is the interval
 * of a contrast of means in a one-way analysis of variance (D. C. Montgomery, Design and Analysis of Experiments, on
 * contrasts); with one stratum it is that of a paired t-test. It takes the logarithms as normal and all strata as equally
 * noisy.
 *
 * <p>A stratum whose every ratio is exactly 1 is a thing beside itself: it counts in M, but says nothing of the noise, and is
 * left out of s, ν and the sum in e.
 *
 * @param mean geometric
 * @param factor the interval goes from the mean divided by it to the mean times it; at least 1; empty when the noise is not
 *     known, since no stratum has two ratios
 */
public record RatioInterval(double mean, OptionalDouble factor) {

    private static final double UPPER_TAIL = 0.025;

    /** Where 1 is, as seen from the interval. */
    public enum Side {
        /** The interval lies above 1. */
        ABOVE,
        /** The interval lies below 1. */
        BELOW,
        /** The interval holds 1. */
        WITHIN_NOISE,
        /** There is no interval. */
        UNKNOWN
    }

    public RatioInterval {
        if (!(mean > 0) || !Double.isFinite(mean) || !(factor.orElse(1) >= 1)) {
            throw new IllegalArgumentException(
                    "mean (" + mean + ") must be above 0 and finite, and factor (" + factor.orElse(1) + ") at least 1");
        }
    }

    /**
     * Sums up ratios.
     *
     * @param strata at least one, each of at least one ratio; ratios are above 0
     */
    public static RatioInterval of(Collection<List<Double>> strata) {
        List<Stratum> all = strata.stream().map(Stratum::of).toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there are no strata (expected: at least one)");
        }
        double mean = all.stream().mapToDouble(Stratum::mean).sum() / all.size();
        return new RatioInterval(Math.exp(mean), factor(all));
    }

    private static OptionalDouble factor(List<Stratum> all) {
        List<Stratum> noisy = all.stream().filter(stratum -> !stratum.isOne()).toList();
        if (noisy.isEmpty()) {
            return OptionalDouble.of(1);
        }
        int freedom = noisy.stream().mapToInt(stratum -> stratum.count() - 1).sum();
        if (freedom == 0) {
            return OptionalDouble.empty();
        }
        double variance = noisy.stream().mapToDouble(Stratum::squares).sum() / freedom;
        double error = Math.sqrt(variance
                        * noisy.stream()
                                .mapToDouble(stratum -> 1.0 / stratum.count())
                                .sum())
                / all.size();
        return OptionalDouble.of(Math.exp(TDistribution.of(freedom).inverseSurvivalProbability(UPPER_TAIL) * error));
    }

    /** Lower end; the mean when there is no interval. */
    public double low() {
        return mean / factor.orElse(1);
    }

    /** Upper end; the mean when there is no interval. */
    public double high() {
        return mean * factor.orElse(1);
    }

    public Side side() {
        if (factor.isEmpty()) {
            return Side.UNKNOWN;
        }
        if (low() > 1) {
            return Side.ABOVE;
        }
        return high() < 1 ? Side.BELOW : Side.WITHIN_NOISE;
    }

    /** Such as {@code 1.24 (1.20 to 1.28)}, and {@code 1.24 (one round)} without interval. */
    @Override
    public String toString() {
        return factor.isEmpty()
                ? String.format(Locale.ROOT, "%.2f (one round)", mean)
                : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", mean, low(), high());
    }

    /**
     * Ratios that are alike but for noise.
     *
     * @param mean of the logarithms
     * @param squares sum of the squared distances of the logarithms from it
     * @param isOne whether every ratio is exactly 1
     */
    private record Stratum(int count, double mean, double squares, boolean isOne) {

        static Stratum of(List<Double> ratios) {
            if (ratios.isEmpty() || !ratios.stream().allMatch(ratio -> ratio > 0 && Double.isFinite(ratio))) {
                throw new IllegalArgumentException(
                        "ratios " + ratios + " must be at least one, and each above 0 and finite");
            }
            double mean = ratios.stream().mapToDouble(Math::log).average().orElseThrow();
            double squares = ratios.stream()
                    .mapToDouble(ratio -> Math.pow(Math.log(ratio) - mean, 2))
                    .sum();
            return new Stratum(ratios.size(), mean, squares, ratios.stream().allMatch(ratio -> ratio == 1));
        }
    }
}
