package dev.tandem.core.variant;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What no strategy can beat, whatever the batch: shares that need not be whole numbers. For any m, images at rate R with mean
 * accuracy A satisfy
 *
 * <pre>R * (A + m) &lt;= sum over places i of max over variants a of max(0, accuracy(a) + m) / seconds(i, a)</pre>
 *
 * since a place that spends a second on any mix of variants adds at most its summand. That is the dual of the linear
 * programme of the shares, m being the price of an image. Its optimum is where some place changes its best variant, so trying
 * these m gives the exact optimum; every m gives a valid bound.
 */
public final class ShareBound {

    private static final double NANOS = 1e9;
    /** A rate or an accuracy that was itself computed may lie this share above what it equals. */
    private static final double ROUNDING = 1e-9;

    private final ShareProblem problem;
    private final double[] prices;

    public ShareBound(ShareProblem problem) {
        this.problem = problem;
        this.prices = prices();
    }

    /** The most images per second at a mean accuracy; 0 above that of every variant. */
    public double imagesPerSecond(double accuracy) {
        if (accuracy > problem.family().mostAccurate().top1() * (1 + ROUNDING)) {
            return 0;
        }
        return Math.min(
                fastest(),
                least(price -> price + accuracy > 0 ? worth(price) / (price + accuracy) : Double.POSITIVE_INFINITY));
    }

    /** The highest mean accuracy at a rate; 0 where no variant is quick enough. */
    public double accuracy(double imagesPerSecond) {
        if (imagesPerSecond > fastest() * (1 + ROUNDING)) {
            return 0;
        }
        return Math.min(problem.family().mostAccurate().top1(), least(price -> worth(price) / imagesPerSecond - price));
    }

    /**
     * The largest share of images arriving at a rate that can be classified correctly in time, where those that are late are
     * dropped: the price of an image that need not be classified is at most 0.
     */
    public double correctInTime(double imagesPerSecond) {
        return Math.min(
                worth(0) / imagesPerSecond,
                least(price -> price > 0 ? Double.POSITIVE_INFINITY : worth(price) / imagesPerSecond - price));
    }

    /** Images per second when accuracy does not matter: the limit of an infinite price. */
    private double fastest() {
        return problem.places().stream()
                .mapToDouble(place -> levels().mapToDouble(level -> NANOS / place.nanos(level))
                        .max()
                        .orElseThrow())
                .sum();
    }

    private double least(DoubleUnaryOperator bound) {
        return DoubleStream.of(prices).map(bound).min().orElseThrow();
    }

    /** The sum over the places. */
    private double worth(double price) {
        return problem.places().stream()
                .mapToDouble(place -> levels().mapToDouble(
                                level -> Math.max(0, accuracy(level) + price) * NANOS / place.nanos(level))
                        .max()
                        .orElseThrow())
                .sum();
    }

    /** Where a place changes its best variant: where two are worth as much, or one is worth nothing. */
    private double[] prices() {
        DoubleStream none = levels().mapToDouble(level -> -accuracy(level));
        DoubleStream ties = problem.places().stream().flatMapToDouble(place -> levels().boxed()
                .flatMapToDouble(one -> levels().filter(other -> place.nanos(other) > place.nanos(one))
                        .mapToDouble(other -> tie(place, one, other))));
        return DoubleStream.concat(none, ties).toArray();
    }

    private double tie(Place place, int one, int other) {
        double difference = place.nanos(other) - place.nanos(one);
        return (place.nanos(one) * accuracy(other) - place.nanos(other) * accuracy(one)) / difference;
    }

    private double accuracy(int level) {
        return problem.family().variants().get(level).top1();
    }

    private IntStream levels() {
        return IntStream.range(0, problem.levels());
    }
}
