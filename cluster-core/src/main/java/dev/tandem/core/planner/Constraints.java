package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a plan must keep within, whatever it is best at.
 *
 * @param maxNodes different nodes that it may use, at least 1
 * @param maxLatencySeconds predicted time of one request, above 0; infinite for any
 * @param minThroughputPerSecond predicted requests per second, finite; 0 for any
 * @param maxEnergyJoules predicted energy of one request on an idle cluster, above 0; infinite for any
 */
public record Constraints(
        int maxNodes, double maxLatencySeconds, double minThroughputPerSecond, double maxEnergyJoules) {

    /** Any plan will do. */
    public static final Constraints NONE =
            new Constraints(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY);

    public Constraints {
        if (maxNodes < 1) {
            throw new IllegalArgumentException("maxNodes (" + maxNodes + ") must be at least 1");
        }
        if (!(maxLatencySeconds > 0) || !(maxEnergyJoules > 0)) {
            throw new IllegalArgumentException("maxLatencySeconds (" + maxLatencySeconds + ") and maxEnergyJoules ("
                    + maxEnergyJoules + ") must be above 0. Maybe leave them infinite.");
        }
        if (!(minThroughputPerSecond >= 0 && Double.isFinite(minThroughputPerSecond))) {
            throw new IllegalArgumentException("minThroughputPerSecond (" + minThroughputPerSecond
                    + ") must be finite and at least 0. Maybe leave it 0.");
        }
    }

    /** The same but for the nodes. */
    public Constraints withMaxNodes(int nodes) {
        return new Constraints(nodes, maxLatencySeconds, minThroughputPerSecond, maxEnergyJoules);
    }

    /** The same but for the latency. */
    public Constraints withMaxLatencySeconds(double seconds) {
        return new Constraints(maxNodes, seconds, minThroughputPerSecond, maxEnergyJoules);
    }

    /** The same but for the throughput. */
    public Constraints withMinThroughputPerSecond(double perSecond) {
        return new Constraints(maxNodes, maxLatencySeconds, perSecond, maxEnergyJoules);
    }

    /** The same but for the energy. */
    public Constraints withMaxEnergyJoules(double joules) {
        return new Constraints(maxNodes, maxLatencySeconds, minThroughputPerSecond, joules);
    }

    /**
     * Whether the plan keeps all of them.
     *
     * @throws IllegalArgumentException when energy is bounded and the plan's is not known
     */
    public boolean areKeptBy(Plan plan) {
        return nodes(plan) <= maxNodes && areKeptBy(plan.predicted());
    }

    /** Whether these figures keep all but the one on nodes. */
    public boolean areKeptBy(PlanScore score) {
        return bounds().stream().allMatch(bound -> bound.isKeptBy(score));
    }

    /** Which of them the plan breaks first, and by how much. */
    public Optional<String> excess(Plan plan) {
        long nodes = nodes(plan);
        return nodes > maxNodes
                ? Optional.of(nodes + " nodes, which is above the bound of " + maxNodes)
                : excess(plan.predicted());
    }

    /** Which of them, but for the one on nodes, these figures break first, and by how much. */
    public Optional<String> excess(PlanScore score) {
        return bounds().stream()
                .filter(bound -> !bound.isKeptBy(score))
                .findFirst()
                .map(bound -> bound.excess(score));
    }

    /** Why nothing can be planned within them on these nodes, if so. */
    public Optional<String> refusal(Topology topology) {
        return maxEnergyJoules < Double.POSITIVE_INFINITY
                ? KnownPower.refusal("a bound on energy", topology)
                : Optional.empty();
    }

    /** Those on figures that bind at all. */
    List<Bound> bounds() {
        List<Bound> bounds = new ArrayList<>();
        if (maxLatencySeconds < Double.POSITIVE_INFINITY) {
            bounds.add(new Bound(Objective.LATENCY, maxLatencySeconds));
        }
        if (minThroughputPerSecond > 0) {
            bounds.add(new Bound(Objective.THROUGHPUT, 1 / minThroughputPerSecond));
        }
        if (maxEnergyJoules < Double.POSITIVE_INFINITY) {
            bounds.add(new Bound(Objective.ENERGY, maxEnergyJoules));
        }
        return List.copyOf(bounds);
    }

    /** Different nodes that a plan uses while nothing is lost. */
    public static long nodes(Plan plan) {
        return plan.working().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
    }
}
