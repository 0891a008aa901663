package dev.tandem.core.sim;

import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.Set;
import java.util.TreeSet;

/** Whether a scenario is about machines and links that are there. */
final class ScenarioCheck {

    private ScenarioCheck() {}

    /** @throws IllegalArgumentException when it is not */
    static void requireKnown(Scenario scenario, Topology topology, String gatewayNode) {
        Set<String> nodes = new TreeSet<>();
        topology.nodes().stream().map(Node::id).forEach(nodes::add);
        nodes.add(gatewayNode);
        scenario.losses().forEach(loss -> require("node loss", loss.node(), nodes));
        scenario.drifts().forEach(drift -> requireKnown(drift, topology));
    }

    private static void require(String subject, String node, Set<String> nodes) {
        if (!nodes.contains(node)) {
            throw new IllegalArgumentException(subject + ": node '" + node + "' must be one of " + nodes);
        }
    }

    private static void requireKnown(Drift drift, Topology topology) {
        if (drift instanceof Drift.OfCoreGroup group
                && topology.coreGroup(group.group()).isEmpty()) {
            throw new IllegalArgumentException("drift: core group " + group.group() + " must be one of the topology's");
        }
        if (drift instanceof Drift.OfLink link
                && topology.link(link.from(), link.to()).isEmpty()) {
            throw new IllegalArgumentException(
                    "drift: link " + link.from() + " -> " + link.to() + " must be one of the topology's");
        }
    }
}
