package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The nodes that have registered and are not lost, by name. Used by the supervisor's thread only. */
final class KnownNodes {

    private final Map<String, KnownNode> known = new TreeMap<>();

    /** A node as it registered last. */
    record KnownNode(NodeReport report, ActorRef<NodeMessages.Step> agent, ActorRef<LinkProbe.Command> probe) {}

    /** Takes what a node says of itself; returns what was known of that name before. */
    Optional<KnownNode> put(Register register) {
        KnownNode node = new KnownNode(register.report(), register.agent(), register.probe());
        return Optional.ofNullable(known.put(register.report().node().id(), node));
    }

    Optional<KnownNode> remove(String name) {
        return Optional.ofNullable(known.remove(name));
    }

    /** Whether this agent is the one that stands for the node now. */
    boolean isAgent(String name, ActorRef<NodeMessages.Step> agent) {
        KnownNode node = known.get(name);
        return node != null && node.agent().equals(agent);
    }

    int size() {
        return known.size();
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    ClusterView view() {
        return new ClusterView(known.values().stream().map(KnownNode::report).toList());
    }

    /** The ends of all links that a plan for this gateway may use, by name. */
    Map<String, ActorRef<LinkProbe.Command>> probes(GatewayRef gateway) {
        Map<String, ActorRef<LinkProbe.Command>> probes = new TreeMap<>();
        known.forEach((name, node) -> probes.put(name, node.probe()));
        probes.put(gateway.node(), gateway.probe());
        return probes;
    }

    Topology topology(List<Link> links) {
        return new Topology(
                known.values().stream().map(node -> node.report().node()).toList(), links);
    }

    Optional<RolloutOrder.Target> target(String name) {
        return Optional.ofNullable(known.get(name))
                .map(node -> new RolloutOrder.Target(node.agent(), node.report().tether()));
    }
}
