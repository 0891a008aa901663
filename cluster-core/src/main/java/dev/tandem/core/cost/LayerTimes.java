package dev.tandem.core.cost;

import java.util.List;

/**
 * Measured time of each layer of a model on one core group, the reference, for one inference.
 *
 * @param modelDigest {@link dev.tandem.core.graph.ModelGraph#digest()} of the model that was measured
 * @param seconds by layer index, each finite and at least 0
 */
public record LayerTimes(String modelDigest, List<Double> seconds) {

    public LayerTimes {
        seconds = List.copyOf(seconds);
        if (seconds.isEmpty()) {
            throw new IllegalArgumentException("layer times of model " + modelDigest + " must name at least one layer");
        }
        for (int layer = 0; layer < seconds.size(); layer++) {
            requireTime(layer, seconds.get(layer));
        }
    }

    /** Time of all layers together. */
    public double totalSeconds() {
        return seconds.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static void requireTime(int layer, double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) {
            throw new IllegalArgumentException("time of layer " + layer + " (" + seconds
                    + " s) must be finite and at least 0. Maybe profile the model again.");
        }
    }
}
