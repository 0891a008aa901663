package dev.tandem.actors.protocol;

import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import java.util.List;

/**
 * What was measured of a model with the rate of the core group that it was measured on; another group's times are in
 * inverse proportion to its rate.
 *
 * @param multiplyAddsPerSecond of the reference workload on that core group
 */
public record ReferenceProfile(Profile profile, double multiplyAddsPerSecond) {

    /** Scales times from multiply-adds; any rate gives the same plans. */
    private static final double NOMINAL_RATE = 1e9;

    /** Times of layers, with nothing known of what cuts and narrow shares cost. */
    public ReferenceProfile(LayerTimes times, double multiplyAddsPerSecond) {
        this(Profile.of(times), multiplyAddsPerSecond);
    }

    public LayerTimes times() {
        return profile.times();
    }

    /** Times in proportion to multiply-adds: coarse, and nothing is measured. Layers without any count as nothing. */
    public static ReferenceProfile ofMultiplyAdds(ModelGraph graph) {
        List<Double> seconds = graph.layers().stream()
                .map(Layer::multiplyAdds)
                .map(count -> count / NOMINAL_RATE)
                .toList();
        return new ReferenceProfile(new LayerTimes(graph.digest(), seconds), NOMINAL_RATE);
    }
}
