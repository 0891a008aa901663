package dev.tandem.core.cost;

import dev.tandem.core.graph.ModelGraph;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Finds what parts of a model cost beyond their layers from samples of them.
 *
 * <p>Costs are at least 0 and chosen so that the sum of the relative errors of the samples is least: from whole segments
 * those of cuts, for each of some factors between a cut inside a kernel and one between kernels, then from row shares that
 * of narrow layers. The least sum of absolute errors is at a value that explains one sample exactly, so that one value per
 * sample is tried; a disturbed measurement moves it little.
 */
public final class SegmentCostsFit {

    /** Highest first: of equally good ones the lowest is taken. */
    private static final double[] FUSED_FACTORS = {10, 5, 3, 2, 1.5, 1};

    /** Halvings of the range in which the value lies that explains a sample. */
    private static final int STEPS = 60;

    private final ModelGraph graph;
    private final long[] crossingBytes;

    private SegmentCostsFit(ModelGraph graph) {
        this.graph = graph;
        this.crossingBytes = SegmentSeconds.crossingBytes(graph);
    }

    /**
     * The profile with the costs that explain the samples best; its cost of a call is kept.
     *
     * @param samples measured where the profile was measured
     */
    public static Profile fit(ModelGraph graph, Profile profile, List<SegmentSample> samples) {
        List<SegmentSample> whole =
                samples.stream().filter(sample -> sample.outputs().isEmpty()).toList();
        List<SegmentSample> narrow =
                samples.stream().filter(sample -> !sample.outputs().isEmpty()).toList();
        SegmentCostsFit fit = new SegmentCostsFit(graph);
        Profile cuts = fit.cuts(profile.with(new SegmentCosts(profile.costs().secondsPerCall(), 0, 0, 0)), whole);
        return fit.best(narrow, value -> cuts.with(cuts.costs().withNarrowLayer(value)));
    }

    /** For each factor the best cost of a byte, and of these the best. */
    private Profile cuts(Profile none, List<SegmentSample> samples) {
        Profile best = best(samples, value -> none.with(none.costs().withFusedCutByte(value)));
        for (double factor : FUSED_FACTORS) {
            Profile other = best(
                    samples, value -> none.with(none.costs().withCutByte(value).withFusedCutByte(factor * value)));
            best = error(other, samples) <= error(best, samples) ? other : best;
        }
        return best;
    }

    /** Median relative error of what a profile predicts for samples; 0 where there are none. */
    public static double medianError(ModelGraph graph, Profile profile, List<SegmentSample> samples) {
        SegmentSeconds predicted = new SegmentSeconds(graph, profile);
        double[] errors = samples.stream()
                .mapToDouble(sample -> error(predicted, sample))
                .sorted()
                .toArray();
        return errors.length == 0 ? 0 : errors[errors.length / 2];
    }

    private Profile best(List<SegmentSample> samples, DoubleFunction<Profile> withValue) {
        Profile best = withValue.apply(0);
        double least = error(best, samples);
        for (SegmentSample sample : samples) {
            Profile other = withValue.apply(explaining(sample, withValue));
            double error = error(other, samples);
            if (error < least) {
                least = error;
                best = other;
            }
        }
        return best;
    }

    /** The value at which the sample is predicted as measured: predictions grow with it up to a bound. */
    private double explaining(SegmentSample sample, DoubleFunction<Profile> withValue) {
        double low = 0;
        double high = sample.seconds();
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            if (predict(seconds(withValue.apply(middle)), sample) < sample.seconds()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Beyond all bounds of the prediction no value explains the sample.
        return high < sample.seconds() ? high : 0;
    }

    private double error(Profile profile, List<SegmentSample> samples) {
        SegmentSeconds predicted = seconds(profile);
        return samples.stream().mapToDouble(sample -> error(predicted, sample)).sum();
    }

    private SegmentSeconds seconds(Profile profile) {
        return new SegmentSeconds(graph, profile, crossingBytes);
    }

    private static double error(SegmentSeconds predicted, SegmentSample sample) {
        return Math.abs(predict(predicted, sample) - sample.seconds()) / sample.seconds();
    }

    private static double predict(SegmentSeconds predicted, SegmentSample sample) {
        return sample.outputs().isEmpty()
                ? predicted.seconds(sample.segment())
                : predicted.seconds(sample.segment(), sample.outputs());
    }
}
