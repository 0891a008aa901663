package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.ClusterSettings;
import dev.tandem.config.PlannerSettings;
import dev.tandem.config.RebalanceSettings;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;

/**
 * How the cluster plans: what orders leave open, what no order may exceed, and when plans that serve are replaced.
 *
 * @param nodes names of the nodes that plans may use; empty: all
 * @param codec of tensors between nodes
 */
public record PlanPolicy(
        Scheme scheme,
        Objective objective,
        Constraints constraints,
        List<String> nodes,
        Codec codec,
        Rebalance rebalance) {

    /**
     * When a plan that serves is replaced by a better one.
     *
     * @param isEnabled whether at all, and whether plans are made with the speeds that were watched
     * @param coolDown from one plan to the next
     * @param standby how the loss of a node is prepared for
     */
    public record Rebalance(boolean isEnabled, MoveRule rule, Duration coolDown, StandbyMode standby) {

        /** Plans stay, and are made with the rates that were measured when nodes registered. */
        public static final Rebalance NEVER =
                new Rebalance(false, new MoveRule(0, Duration.ZERO), Duration.ZERO, StandbyMode.NONE);
    }

    private static final double NANOS_PER_SECOND = 1e9;

    public PlanPolicy {
        nodes = List.copyOf(nodes);
    }

    public static PlanPolicy of(ClusterSettings cluster) {
        PlannerSettings settings = cluster.planner();
        return new PlanPolicy(
                PlannerNames.scheme(settings.scheme()),
                PlannerNames.objective(settings.objective()),
                constraints(settings),
                settings.nodes(),
                PlannerNames.codec(settings.codec()),
                rebalance(cluster.rebalance()));
    }

    private static Rebalance rebalance(RebalanceSettings settings) {
        return new Rebalance(
                settings.enabled(),
                new MoveRule(settings.leastGain(), settings.horizon()),
                settings.coolDown(),
                settings.standby());
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

    /** The same where every node may be used. */
    PlanPolicy onAllNodes() {
        return new PlanPolicy(scheme, objective, constraints, List.of(), codec, rebalance);
    }

    /** Whether both make the same plans, whenever they replace them. */
    boolean plansLike(PlanPolicy other) {
        return scheme == other.scheme
                && objective == other.objective
                && constraints.equals(other.constraints)
                && nodes.equals(other.nodes)
                && codec == other.codec
                && rebalance.isEnabled() == other.rebalance.isEnabled();
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
                order.given(),
                order.codec().orElse(codec),
                order.halo().orElse(Halo.CHOSEN));
    }
}
