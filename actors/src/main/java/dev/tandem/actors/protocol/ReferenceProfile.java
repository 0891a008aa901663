package dev.tandem.actors.protocol;

import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import java.util.List;

/**
 * Layer times with the rate of the core group that they were measured on; another group's times are in inverse
 * proportion to its rate.
 *
 * @param multiplyAddsPerSecond of the reference workload on that core group
 */
public record ReferenceProfile(LayerTimes times, double multiplyAddsPerSecond) {

    /** Scales times from multiply-adds; any rate gives the same plans. */
    private static final double NOMINAL_RATE = 1e9;

    /** Times in proportion to multiply-adds: coarse, and nothing is measured. Layers without any count as nothing. */
    public static ReferenceProfile ofMultiplyAdds(ModelGraph graph) {
        List<Double> seconds = graph.layers().stream()
                .map(Layer::multiplyAdds)
                .map(count -> count / NOMINAL_RATE)
                .toList();
        return new ReferenceProfile(new LayerTimes(graph.digest(), seconds), NOMINAL_RATE);
    }
}
