package dev.tandem.inference.profile;

import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.core.cost.SegmentCostsFit;
import dev.tandem.core.cost.SegmentSample;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.SegmentChoice.Share;
import dev.tandem.inference.runtime.InferenceException;
import dev.tandem.inference.runtime.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures a model on one core group: the layers in runs of the whole fused model, what a call costs, and by samples what
 * cuts and narrow row shares cost. Runs on the calling thread, which should be the core group's own. Used once.
 *
 * <p>The whole model is timed again beside each sample, and the sample is taken in relation to it: clocks and neighbours
 * change the speed of a machine by more than a cut costs.
 */
public final class ModelProfiler {
    private static final int LAYER_WARM_UPS = 1;
    private static final int BESIDE_RUNS = 3;
    private static final double BESIDE_SECONDS = 0.03;

    private final ModelPackage model;
    private final ModelGraph graph;
    private final SessionSettings settings;
    private final ProfileEffort effort;
    private final Progress progress;
    private final SegmentTimer timer;

    /** Hears how far the measurement is. */
    @FunctionalInterface
    public interface Progress {
        void at(int done, int all, String what);
    }

    /**
     * What was measured.
     *
     * @param whole the whole model, timed before and after every sample
     * @param segments whole segments, as they would be while the whole model takes its median time
     * @param shares row shares, likewise
     */
    public record Measured(Profile profile, Timing whole, List<SegmentSample> segments, List<SegmentSample> shares) {
        public Measured {
            segments = List.copyOf(segments);
            shares = List.copyOf(shares);
        }

        /** Median relative error of the predicted times of the sampled segments. */
        public double segmentError(ModelGraph graph) {
            return SegmentCostsFit.medianError(graph, profile, segments);
        }

        /** Median relative error of the predicted times of the sampled row shares; 0 where nothing can be divided. */
        public double shareError(ModelGraph graph) {
            return SegmentCostsFit.medianError(graph, profile, shares);
        }
    }

    public ModelProfiler(ModelPackage model, SessionSettings settings, ProfileEffort effort, Progress progress) {
        this.model = model;
        this.graph = model.graph();
        this.settings = settings;
        this.effort = effort;
        this.progress = progress;
        this.timer = new SegmentTimer(model, settings);
    }

    /**
     * Measures everything; some seconds to minutes.
     *
     * @throws InferenceException when the runtime fails
     */
    public Measured measure() {
        progress.at(0, 1, "the layers");
        double call = CallTimer.seconds(settings);
        // Before the whole model is opened for the samples: one copy of it must fit into memory, not two.
        LayerProfile layers = new LayerProfiler(settings, LAYER_WARM_UPS, repetitions()).profile(model);
        try (SegmentTimer.Opened whole = timer.open(graph.whole())) {
            SegmentChoice choice = new SegmentChoice(graph, layers.times());
            Samples samples = new Samples(whole);
            samples.take(choice.segments(effort.parts()), choice.shares(effort.starts(), effort.shares()));
            return measured(layers, call, samples);
        }
    }

    private int repetitions() {
        try (SegmentTimer.Opened whole = timer.open(graph.whole())) {
            return whole.time(effort.runs()).repetitions();
        }
    }

    private Measured measured(LayerProfile layers, double call, Samples samples) {
        Timing whole = samples.whole();
        List<SegmentSample> segments = scaled(samples.segments, whole.medianSeconds());
        List<SegmentSample> shares = scaled(samples.shares, whole.medianSeconds());
        List<SegmentSample> all = new ArrayList<>(segments);
        all.addAll(shares);
        Profile fitted = SegmentCostsFit.fit(graph, profile(layers, whole, call), all);
        return new Measured(fitted, whole, segments, shares);
    }

    private static List<SegmentSample> scaled(List<SegmentSample> ofWhole, double wholeSeconds) {
        return ofWhole.stream()
                .map(sample -> new SegmentSample(sample.segment(), sample.outputs(), sample.seconds() * wholeSeconds))
                .toList();
    }

    /** The layers have what a run takes beyond the call. */
    private static Profile profile(LayerProfile layers, Timing whole, double callSeconds) {
        double call = Math.min(callSeconds, whole.medianSeconds() / 2);
        double scale = (whole.medianSeconds() - call) / layers.times().totalSeconds();
        List<Double> seconds =
                layers.times().seconds().stream().map(layer -> layer * scale).toList();
        return new Profile(
                new LayerTimes(layers.times().modelDigest(), seconds),
                layers.kernels(),
                new SegmentCosts(call, 0, 0, 0));
    }

    /** Parts that were timed beside the whole model; their seconds are in units of its run. */
    private final class Samples {
        private final TimedRuns beside = new TimedRuns(BESIDE_RUNS, BESIDE_RUNS * BESIDE_RUNS, BESIDE_SECONDS);
        private final List<SegmentSample> segments = new ArrayList<>();
        private final List<SegmentSample> shares = new ArrayList<>();
        private final SegmentTimer.Opened whole;
        private final List<Double> wholeSeconds = new ArrayList<>();

        Samples(SegmentTimer.Opened whole) {
            this.whole = whole;
        }

        /** The whole model, as it was timed all along. */
        Timing whole() {
            return Timing.of(
                    wholeSeconds.stream().mapToDouble(Double::doubleValue).toArray());
        }

        void take(List<Segment> parts, List<Share> divided) {
            int all = parts.size() + divided.size();
            timeWhole();
            for (Segment part : parts) {
                progress.at(segments.size(), all, "segments");
                try (SegmentTimer.Opened opened = timer.open(part)) {
                    segments.add(new SegmentSample(part, Map.of(), seconds(opened)));
                }
            }
            for (Share share : divided) {
                progress.at(parts.size() + shares.size(), all, "row shares");
                try (SegmentTimer.Opened opened = timer.open(share.segment(), share.regions())) {
                    shares.add(
                            new SegmentSample(share.segment(), share.regions().outputs(), seconds(opened)));
                }
            }
        }

        private double seconds(SegmentTimer.Opened part) {
            double measured = part.time(effort.runs()).medianSeconds();
            double before = wholeSeconds.get(wholeSeconds.size() - 1);
            return 2 * measured / (before + timeWhole());
        }

        private double timeWhole() {
            double seconds = whole.time(beside).medianSeconds();
            wholeSeconds.add(seconds);
            return seconds;
        }
    }
}
