package dev.tandem.core.adapt;

import dev.tandem.core.cost.Calibration;
import dev.tandem.core.topology.CoreGroupId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast the core groups of a cluster are taken to be, beside their rates, from the times of their calls; see {@link
 * SpeedEstimate}. Not thread-safe. All times are of one clock that does not go back.
 */
public final class CoreGroupSpeeds {

    private final Map<CoreGroupId, SpeedEstimate> estimates = new HashMap<>();

    /** Calls of a core group, in the order in which their windows ended. */
    public void add(CoreGroupId group, SpeedSample sample, long nowNanos) {
        estimates.computeIfAbsent(group, id -> new SpeedEstimate()).add(sample, nowNanos);
    }

    /** The node is gone, or has started again and was measured then: what was known of it is over. */
    public void forget(String node) {
        estimates.keySet().removeIf(group -> group.node().equals(node));
    }

    /** The core groups of which enough is known. */
    public Calibration known() {
        Map<CoreGroupId, Double> speeds = new HashMap<>();
        estimates.forEach((group, estimate) -> estimate.speed().ifPresent(speed -> speeds.put(group, speed)));
        return new Calibration(speeds);
    }

    /**
     * The speeds of these core groups. Predictions that are off by the same factor everywhere must not make core groups look
     * better for not having been used yet: one of which nothing is known is taken to be as fast, beside its rate, as the best
     * of the others has been.
     */
    public Calibration calibration(Collection<CoreGroupId> groups, long nowNanos) {
        double usual = estimates.values().stream()
                .map(SpeedEstimate::best)
                .flatMapToDouble(OptionalDouble::stream)
                .max()
                .orElse(1);
        Map<CoreGroupId, Double> speeds = new HashMap<>();
        for (CoreGroupId group : groups) {
            SpeedEstimate estimate = estimates.get(group);
            if (estimate != null) {
                estimate.tryIdle(usual, nowNanos);
            }
            speeds.put(group, estimate == null ? usual : estimate.speed().orElse(usual));
        }
        return new Calibration(speeds);
    }
}
