package dev.tandem.core.cost;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Measured times of one model on one core group.
 *
 * @param times seconds per layer, without the call itself: {@code secondsPerCall} and these are one run of the whole model
 * @param kernels by layer the index of the layer whose kernel computes it in the whole model; layers with the same index
 *     were fused
 * @param costs of parts of the model, beyond their layers
 */
public record Profile(LayerTimes times, List<Integer> kernels, SegmentCosts costs) {

    public Profile {
        kernels = List.copyOf(kernels);
        int layers = times.seconds().size();
        if (kernels.size() != layers || kernels.stream().anyMatch(kernel -> kernel < 0 || kernel >= layers)) {
            throw new IllegalArgumentException("kernels (" + kernels.size() + ") must name one of the " + layers
                    + " layers for each of them. Maybe profile the model again.");
        }
    }

    /** Times of layers with nothing known of what parts cost beyond them. */
    public static Profile of(LayerTimes times) {
        return new Profile(
                times, IntStream.range(0, times.seconds().size()).boxed().toList(), SegmentCosts.NONE);
    }

    /** One run of the whole model. */
    public double wholeSeconds() {
        return costs.secondsPerCall() + times.totalSeconds();
    }

    public Profile with(SegmentCosts others) {
        return new Profile(times, kernels, others);
    }
}
