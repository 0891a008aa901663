package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A plan on its way into place.
 *
 * @param order what was asked for
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 * @param agents of the nodes in the plan, by name
 * @param tethers of the same nodes
 * @param links as they are, or were the last time, for a supervisor that knows none
 * @param window requests in flight per edge
 * @param supervisor hears what the gateway says of this epoch later
 */
record RolloutOrder(
        long epoch,
        Plan plan,
        ModelOffer offer,
        DeployOrder order,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        Map<String, ActorRef<NodeMessages.Step>> agents,
        Map<String, TetherAddress> tethers,
        List<Link> links,
        ActorRef<DataMessage> gateway,
        int window,
        ActorRef<GatewayMessages.Reply> supervisor) {

    /** A node as a rollout needs it. */
    record Target(ActorRef<NodeMessages.Step> agent, TetherAddress tether) {}

    RolloutOrder {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        agents = Map.copyOf(agents);
        tethers = Map.copyOf(tethers);
        links = List.copyOf(links);
    }

    /**
     * The order, or nothing when a node of the plan is no longer known.
     *
     * @param window requests in flight per edge, at least: an edge that passes stages must hold one for each of them and
     *     one more, or it would stall them. Buffers are held for as many requests, so it is no larger than that.
     */
    static Optional<RolloutOrder> of(
            long epoch,
            Plan plan,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Deploy deploy,
            List<Link> links,
            int window,
            ActorRef<GatewayMessages.Reply> supervisor,
            Function<String, Optional<Target>> lookup) {
        Map<String, ActorRef<NodeMessages.Step>> agents = new HashMap<>();
        Map<String, TetherAddress> tethers = new HashMap<>();
        for (String node : nodes(plan)) {
            Optional<Target> target = lookup.apply(node);
            if (target.isEmpty()) {
                return Optional.empty();
            }
            agents.put(node, target.get().agent());
            tethers.put(node, target.get().tether());
        }
        int reach = plan.lanes().stream().mapToInt(Lane::longestReach).max().orElse(1);
        return Optional.of(new RolloutOrder(
                epoch,
                plan,
                deploy.offer(),
                deploy.order(),
                inputs,
                outputs,
                agents,
                tethers,
                links,
                deploy.gateway().gateway(),
                Math.max(window, reach + 1),
                supervisor));
    }

    private static List<String> nodes(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.nodes().stream())
                .distinct()
                .toList();
    }

    /** The order as it must have been, of an epoch that a supervisor before this one has put in place. */
    static RolloutOrder of(Activate held, ActorRef<DataMessage> gateway, ActorRef<GatewayMessages.Reply> supervisor) {
        GatewayMessages.Origin origin = held.origin();
        return new RolloutOrder(
                held.epoch(),
                held.plan(),
                origin.offer(),
                origin.order(),
                held.inputs(),
                held.outputs(),
                origin.agents(),
                origin.tethers(),
                origin.links(),
                gateway,
                held.window(),
                supervisor);
    }

    /** For the gateway: to deal to this epoch, whose shards are these. */
    Activate activation(List<ShardRef> shards, ActorRef<GatewayMessages.Reply> replyTo) {
        GatewayMessages.Origin origin = new GatewayMessages.Origin(offer, order, agents, tethers, links);
        return new Activate(epoch, plan, inputs, outputs, shards, tethersOfGateway(), window, origin, replyTo);
    }

    /** Whether a member exchanges frames with just this incarnation of a node, in a lane that is not lost. */
    boolean ties(PeerLost lost, String gatewayNode, Set<Integer> lostLanes) {
        String reporter = lost.reportedBy();
        String peer = lost.peer();
        TetherAddress end = tethers.get(peer);
        return end != null
                && end.incarnation() == lost.incarnation()
                && (tethers(ending -> ending.filter(reporter::equals).isPresent(), lostLanes)
                                .containsKey(peer)
                        || (reporter.equals(gatewayNode)
                                && tethersOfGateway(lostLanes).containsKey(peer)));
    }

    /** Whether it was put in place with just this incarnation of a node. */
    boolean uses(String node, long incarnation) {
        TetherAddress end = tethers.get(node);
        return end != null && end.incarnation() == incarnation;
    }

    boolean uses(String node) {
        return agents.containsKey(node);
    }

    /** The nodes that this node exchanges frames with. */
    Map<String, TetherAddress> tethersOf(String node) {
        return tethers(end -> end.filter(node::equals).isPresent(), Set.of());
    }

    /** The nodes that the gateway exchanges frames with; where lanes stand by, all, as it is the gateway that turns to these. */
    Map<String, TetherAddress> tethersOfGateway() {
        return tethersOfGateway(Set.of());
    }

    private Map<String, TetherAddress> tethersOfGateway(Set<Integer> lostLanes) {
        if (plan.standby().isEmpty()) {
            return tethers(Optional::isEmpty, lostLanes);
        }
        Map<String, TetherAddress> all = new HashMap<>(tethers);
        all.keySet()
                .retainAll(IntStream.range(0, plan.lanes().size())
                        .filter(lane -> !lostLanes.contains(lane))
                        .mapToObj(lane -> plan.lanes().get(lane).nodes())
                        .flatMap(Set::stream)
                        .collect(Collectors.toSet()));
        return all;
    }

    /** The nodes at the other end of edges that have one end here; an end is a node's name, or none for the gateway. */
    private Map<String, TetherAddress> tethers(Predicate<Optional<String>> here, Set<Integer> lostLanes) {
        Map<String, TetherAddress> peers = new HashMap<>();
        for (int index = 0; index < plan.lanes().size(); index++) {
            if (lostLanes.contains(index)) {
                continue;
            }
            Lane lane = plan.lanes().get(index);
            for (Edge edge : lane.edges()) {
                Optional<String> from = place(lane, edge.producer());
                Optional<String> to = place(lane, edge.consumer());
                if (here.test(from) != here.test(to)) {
                    (here.test(from) ? to : from)
                            .ifPresent(peer -> peers.put(peer, Objects.requireNonNull(tethers.get(peer), peer)));
                }
            }
        }
        return peers;
    }

    private static Optional<String> place(Lane lane, Endpoint endpoint) {
        return endpoint.isGateway()
                ? Optional.empty()
                : Optional.of(lane.shard(endpoint).place().node());
    }
}
