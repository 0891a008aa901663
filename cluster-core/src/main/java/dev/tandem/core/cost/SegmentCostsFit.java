package dev.tandem.core.cost;

import dev.tandem.core.graph.ModelGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Finds what parts of a model cost beyond their layers from samples of them.
 *
 * <p>One cost after the other is chosen, at least 0, so that the sum of the relative errors of the samples that it
 * concerns is least: whole segments that begin and end between kernels for cuts, then those that part a kernel, then
 * row shares for narrow layers. The least sum of absolute errors is at a value that explains one sample exactly, so that
 * one value per sample is tried; a disturbed measurement moves it little.
 */
public final class SegmentCostsFit {

    /** Halvings of the range in which the value lies that explains a sample. */
    private static final int STEPS = 60;

    private final ModelGraph graph;
    private final boolean[] fused;
    private final long[] crossingBytes;

    private SegmentCostsFit(ModelGraph graph, Profile profile) {
        this.graph = graph;
        this.fused = SegmentSeconds.fused(profile.kernels());
        this.crossingBytes = SegmentSeconds.crossingBytes(graph);
    }

    /**
     * The profile with the costs that explain the samples best; its cost of a call is kept.
     *
     * @param samples measured where the profile was measured
     */
    public static Profile fit(ModelGraph graph, Profile profile, List<SegmentSample> samples) {
        SegmentCostsFit fit = new SegmentCostsFit(graph, profile);
        List<SegmentSample> between = new ArrayList<>();
        List<SegmentSample> inside = new ArrayList<>();
        List<SegmentSample> narrow = new ArrayList<>();
        for (SegmentSample sample : samples) {
            boolean parts = fit.fused[sample.segment().from()]
                    || fit.fused[sample.segment().to()];
            (sample.rows().isEmpty() ? (parts ? inside : between) : narrow).add(sample);
        }
        SegmentCosts costs = new SegmentCosts(profile.costs().secondsPerCall(), 0, 0, 0);
        double cut = fit.best(between, value -> profile.with(costs.withCutByte(value)));
        // Where nothing tells the two apart a cut inside a kernel costs what any cut does.
        SegmentCosts cuts = costs.withCutByte(cut).withFusedCutByte(cut);
        double fusedCut = Math.max(cut, fit.best(inside, value -> profile.with(cuts.withFusedCutByte(value))));
        SegmentCosts both = cuts.withFusedCutByte(fusedCut);
        double layer = fit.best(narrow, value -> profile.with(both.withNarrowLayer(value)));
        return profile.with(both.withNarrowLayer(layer));
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

    private double best(List<SegmentSample> samples, DoubleFunction<Profile> withValue) {
        double best = 0;
        double least = error(withValue.apply(0), samples);
        for (SegmentSample sample : samples) {
            double value = explaining(sample, withValue);
            double error = error(withValue.apply(value), samples);
            if (error < least) {
                least = error;
                best = value;
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
        return sample.rows().isEmpty()
                ? predicted.seconds(sample.segment())
                : predicted.seconds(sample.segment(), sample.rows());
    }
}
