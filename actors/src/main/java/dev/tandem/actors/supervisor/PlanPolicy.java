package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.PlannerSettings;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.List;

/**
 * How the cluster plans: what orders leave open, and what no order may exceed.
 *
 * @param nodes names of the nodes that plans may use; empty: all
 */
public record PlanPolicy(Scheme scheme, Objective objective, Constraints constraints, List<String> nodes) {

    private static final double NANOS_PER_SECOND = 1e9;

    public PlanPolicy {
        nodes = List.copyOf(nodes);
    }

    public static PlanPolicy of(PlannerSettings settings) {
        Scheme scheme =
                switch (settings.scheme()) {
                    case AUTO -> Scheme.AUTO;
                    case SINGLE -> Scheme.SINGLE;
                    case PIPELINE -> Scheme.PIPELINE;
                    case ROWS -> Scheme.ROWS;
                    case HYBRID -> Scheme.HYBRID;
                    case LANES -> Scheme.LANES;
                };
        Objective objective =
                switch (settings.objective()) {
                    case LATENCY -> Objective.LATENCY;
                    case THROUGHPUT -> Objective.THROUGHPUT;
                    case ENERGY -> Objective.ENERGY;
                    case ENERGY_DELAY -> Objective.ENERGY_DELAY;
                };
        return new PlanPolicy(scheme, objective, constraints(settings), settings.nodes());
    }

    /** Zero is no bound. */
    private static Constraints constraints(PlannerSettings settings) {
        double latency = settings.maxLatency().toNanos() / NANOS_PER_SECOND;
        double joules = settings.maxEnergyJoules();
        return new Constraints(
                settings.maxNodes(),
                latency == 0 ? Double.POSITIVE_INFINITY : latency,
                settings.minThroughputPerSecond(),
                joules == 0 ? Double.POSITIVE_INFINITY : joules);
    }

    boolean allows(String node) {
        return nodes.isEmpty() || nodes.contains(node);
    }

    /** @param available nodes that plans may use and that are there */
    PlanOrder complete(DeployOrder order, int available) {
        int most = order.maxNodes() > 0 ? order.maxNodes() : Math.max(1, Math.min(available, constraints.maxNodes()));
        return new PlanOrder(
                order.scheme().orElse(scheme),
                order.objective().orElse(objective),
                most,
                order.shards() > 0 ? order.shards() : most,
                constraints,
                order.given());
    }
}
