package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;

/** The nodes that have registered and are not lost, by name. Used by the supervisor's thread only. */
final class KnownNodes {

    private static final Duration STALE = Duration.ofSeconds(1);
    /** Several registrations that have not come. */
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final Map<String, KnownNode> known = new TreeMap<>();
    private final Map<ActorRef<NodeMessages.Step>, Long> lostNanos = new HashMap<>();
    private final Map<String, Long> seenNanos = new HashMap<>();
    /** Nodes at other addresses that would have a name that is known. */
    private final Map<String, Register> rivals = new HashMap<>();

    /** A node as it registered last. */
    record KnownNode(NodeReport report, ActorRef<NodeMessages.Step> agent, ActorRef<LinkProbe.Command> probe) {}

    /**
     * Whether this may have been sent by a node that has been lost since. A node that lives registers again; one that is
     * dead must not come back by what was under way from it.
     */
    boolean isStale(Register register) {
        long now = System.nanoTime();
        lostNanos.values().removeIf(lost -> now - lost >= STALE.toNanos());
        return lostNanos.containsKey(register.agent());
    }

    /**
     * Whether a node at another address has the name, as far as is known. It may have been killed and started anew there
     * a moment ago: which one lives is seen by who registers again.
     */
    boolean isTaken(Register register) {
        String name = register.report().node().id();
        KnownNode holder = known.get(name);
        if (holder == null
                || address(holder.agent()).equals(address(register.agent()))
                || System.nanoTime() - seenNanos.getOrDefault(name, 0L) > SILENT.toNanos()) {
            return false;
        }
        rivals.put(name, register);
        return true;
    }

    /** Who has asked for that name while the node that has just registered had it. */
    Optional<Register> takeRival(String name) {
        return Optional.ofNullable(rivals.remove(name));
    }

    /** Who has the name from now on is no rival for it. */
    private void dropRival(Register holder) {
        Register rival = rivals.get(holder.report().node().id());
        if (rival != null && rival.agent().equals(holder.agent())) {
            rivals.remove(holder.report().node().id());
        }
    }

    private static Address address(ActorRef<?> agent) {
        return agent.path().address();
    }

    /** Takes what a node says of itself; returns what was known of that name before. */
    Optional<KnownNode> put(Register register) {
        dropRival(register);
        KnownNode node = new KnownNode(register.report(), register.agent(), register.probe());
        String name = register.report().node().id();
        seenNanos.put(name, System.nanoTime());
        return Optional.ofNullable(known.put(name, node));
    }

    Optional<KnownNode> remove(String name) {
        Optional<KnownNode> lost = Optional.ofNullable(known.remove(name));
        seenNanos.remove(name);
        rivals.remove(name);
        lost.ifPresent(node -> lostNanos.put(node.agent(), System.nanoTime()));
        return lost;
    }

    boolean contains(String name) {
        return known.containsKey(name);
    }

    /** Whether this agent is the one that stands for the node now. */
    boolean isAgent(String name, ActorRef<NodeMessages.Step> agent) {
        KnownNode node = known.get(name);
        return node != null && node.agent().equals(agent);
    }

    /** Whether the node that is known is the one that was tied to. */
    boolean isIncarnation(String name, long incarnation) {
        KnownNode node = known.get(name);
        return node != null && node.report().tether().incarnation() == incarnation;
    }

    int size() {
        return known.size();
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Who stands for the nodes, by name. */
    Map<String, ActorRef<NodeMessages.Step>> agents() {
        Map<String, ActorRef<NodeMessages.Step>> agents = new TreeMap<>();
        known.forEach((name, node) -> agents.put(name, node.agent()));
        return agents;
    }

    /** Nodes that a plan may use: they do not leave. */
    Set<String> staying() {
        return known.entrySet().stream()
                .filter(node -> !node.getValue().report().isLeaving())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The node that the supervisor is on. */
    Optional<String> here() {
        return known.entrySet().stream()
                .filter(node -> !address(node.getValue().agent()).hasGlobalScope())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    List<NodeReport> reports() {
        return known.values().stream().map(KnownNode::report).toList();
    }

    /** All core groups. */
    List<CoreGroupId> coreGroups() {
        return known.values().stream()
                .flatMap(node -> node.report().node().coreGroups().stream())
                .map(CoreGroup::id)
                .toList();
    }

    /** The ends of all links that a plan for this gateway may use, by name. */
    Map<String, ActorRef<LinkProbe.Command>> probes(GatewayRef gateway) {
        Map<String, ActorRef<LinkProbe.Command>> probes = new TreeMap<>();
        known.forEach((name, node) -> probes.put(name, node.probe()));
        probes.put(gateway.node(), gateway.probe());
        return probes;
    }

    /** The nodes that a plan may use, and all links; a node that leaves is none. */
    Topology topology(List<Link> links, Predicate<String> isAllowed) {
        return new Topology(
                known.values().stream()
                        .map(KnownNode::report)
                        .filter(report -> !report.isLeaving())
                        .map(NodeReport::node)
                        .filter(node -> isAllowed.test(node.id()))
                        .toList(),
                links);
    }

    Optional<RolloutOrder.Target> target(String name) {
        return Optional.ofNullable(known.get(name))
                .map(node -> new RolloutOrder.Target(node.agent(), node.report().tether()));
    }
}
