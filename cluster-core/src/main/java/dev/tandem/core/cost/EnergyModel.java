package dev.tandem.core.cost;

import dev.tandem.core.plan.Energy;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the parts of a plan take in energy on machines of known power. Immutable; safe to share between threads.
 *
 * <pre>
 * active joules of a request   = sum over core groups of busy seconds * (busy power - idle power)
 *                              + sum over transfers of link seconds * (send power of one end + receive power of the other)
 * joules of a request alone    = active joules + idle power of all nodes * latency
 * joules of one of a stream    = active joules + idle power of all nodes / throughput
 * </pre>
 *
 * Nodes that run nothing are idle and count, since they are on. A place that is no node of the topology, such as a gateway
 * on a machine outside, takes nothing.
 */
public final class EnergyModel {

    private final double idleWatts;
    private final Map<CoreGroupId, Double> activeWatts = new HashMap<>();
    private final Map<String, NodePower> nodes = new HashMap<>();

    private EnergyModel(Topology topology) {
        double idle = 0;
        for (Node node : topology.nodes()) {
            idle += idleWatts(node);
            nodes.put(node.id(), node.power());
        }
        for (CoreGroup group : topology.coreGroups()) {
            Power power = group.power().orElseThrow();
            activeWatts.put(group.id(), power.activeWatts());
        }
        this.idleWatts = idle;
    }

    /** The model of these machines; absent when {@link Topology#nodesWithoutPower} names any. */
    public static Optional<EnergyModel> of(Topology topology) {
        return topology.nodesWithoutPower().isEmpty() ? Optional.of(new EnergyModel(topology)) : Optional.empty();
    }

    /** Of all nodes together. */
    public double idleWatts() {
        return idleWatts;
    }

    /** What computing takes beyond idling. */
    public double computeJoules(CoreGroupId group, double busySeconds) {
        return activeWatts.getOrDefault(group, 0.0) * busySeconds;
    }

    /** Of one node: its own and that of its core groups. */
    public static double idleWatts(Node node) {
        return node.power().idleWatts()
                + node.coreGroups().stream()
                        .mapToDouble(group -> group.power().orElseThrow().idleWatts())
                        .sum();
    }

    /**
     * What a transfer takes at both ends beyond idling.
     *
     * @param linkSeconds that it keeps the link busy, as {@link CostModel#linkSeconds} says; 0 inside a node
     */
    public double transferJoules(String fromNode, String toNode, double linkSeconds) {
        return sendJoules(fromNode, linkSeconds) + receiveJoules(toNode, linkSeconds);
    }

    /** The part of {@link #transferJoules} at the end that sends. */
    public double sendJoules(String node, double linkSeconds) {
        return joules(nodes.getOrDefault(node, NodePower.NONE).sendWatts(), linkSeconds);
    }

    /** The part of {@link #transferJoules} at the end that receives. */
    public double receiveJoules(String node, double linkSeconds) {
        return joules(nodes.getOrDefault(node, NodePower.NONE).receiveWatts(), linkSeconds);
    }

    /** A link that is missing takes for ever, which costs nothing where nothing is drawn. */
    private static double joules(double watts, double seconds) {
        return watts == 0 ? 0 : watts * seconds;
    }

    /** Of a request that takes so long and so many of which are answered; infinite where it never is. */
    public Energy perRequest(double activeJoules, double latencySeconds, double throughputPerSecond) {
        return Double.isFinite(latencySeconds)
                ? new Energy(activeJoules + idleWatts * latencySeconds, activeJoules + idleWatts / throughputPerSecond)
                : new Energy(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
}
