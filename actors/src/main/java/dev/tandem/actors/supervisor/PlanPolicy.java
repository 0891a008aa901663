package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.PlannerSettings;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBounds;
import dev.tandem.core.planner.Scheme;
import java.util.List;

/**
 * How the cluster plans: what orders leave open, and what no order may exceed.
 *
 * @param nodes names of the nodes that plans may use; empty: all
 */
public record PlanPolicy(Scheme scheme, Objective objective, PlanBounds bounds, List<String> nodes) {

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
                    case LANES -> Scheme.LANES;
                };
        Objective objective =
                switch (settings.objective()) {
                    case LATENCY -> Objective.LATENCY;
                    case THROUGHPUT -> Objective.THROUGHPUT;
                };
        double latency = settings.maxLatency().isZero()
                ? Double.POSITIVE_INFINITY
                : settings.maxLatency().toNanos() / 1e9;
        return new PlanPolicy(scheme, objective, new PlanBounds(settings.maxNodes(), latency), settings.nodes());
    }

    boolean allows(String node) {
        return nodes.isEmpty() || nodes.contains(node);
    }

    /** @param available nodes that plans may use and that are there */
    PlanOrder complete(DeployOrder order, int available) {
        int most = order.maxNodes() > 0 ? order.maxNodes() : Math.max(1, Math.min(available, bounds.maxNodes()));
        return new PlanOrder(
                order.scheme().orElse(scheme),
                order.objective().orElse(objective),
                most,
                order.shards() > 0 ? order.shards() : most,
                bounds);
    }
}
