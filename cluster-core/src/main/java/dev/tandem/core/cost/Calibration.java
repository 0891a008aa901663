package dev.tandem.core.cost;

import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How fast core groups are now, beside the rates that they were measured with: predicted over measured time. Immutable.
 *
 * @param speeds 1 for as fast as measured, 0.5 for half of that; core groups that are not named are as fast as measured
 */
public record Calibration(Map<CoreGroupId, Double> speeds) {

    /** All are as fast as measured. */
    public static final Calibration NONE = new Calibration(Map.of());

    public Calibration {
        speeds = Map.copyOf(speeds);
        speeds.forEach((group, speed) -> {
            if (!(speed > 0 && Double.isFinite(speed))) {
                throw new IllegalArgumentException(
                        "speed (" + speed + ") of core group " + group + " must be finite and above 0");
            }
        });
    }

    /** How fast a core group is, beside its rate. */
    public double speed(CoreGroupId group) {
        return speeds.getOrDefault(group, 1.0);
    }

    /** The same machines with the rates that their core groups have now. */
    public Topology applyTo(Topology topology) {
        return topology.withRates(group -> group.multiplyAddsPerSecond() * speed(group.id()));
    }

    /** By what factor the speed of some core group differs most between the two, 1 where none does. */
    public double largestChange(Calibration other) {
        Set<CoreGroupId> groups = new HashSet<>(speeds.keySet());
        groups.addAll(other.speeds.keySet());
        return groups.stream()
                .mapToDouble(group -> speed(group) / other.speed(group))
                .map(ratio -> Math.max(ratio, 1 / ratio))
                .max()
                .orElse(1);
    }
}
