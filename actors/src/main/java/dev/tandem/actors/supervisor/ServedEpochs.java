package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The epochs that are in place: of each gateway the one that serves it, and those that it still drains. Taking one out
 * tells all whom it concerns. Used by the supervisor's thread only.
 */
final class ServedEpochs {

    private final ActorRef<NodeMessages.Reply> ignored;
    private final Map<ActorRef<DataMessage>, Served> serving = new HashMap<>();
    private final Map<Long, Served> draining = new HashMap<>();
    /** Of which the gateway said so before it was known here that the next one serves. */
    private final Set<Long> drainedEarly = new HashSet<>();

    /**
     * An epoch in place, and who relays what is said of it.
     *
     * @param lostLanes that are dealt to no more
     */
    record Served(Deploy deploy, RolloutOrder order, ActorRef<Rollout.Event> rollout, Set<Integer> lostLanes) {

        Served {
            lostLanes = Set.copyOf(lostLanes);
        }

        Served(Deploy deploy, RolloutOrder order, ActorRef<Rollout.Event> rollout) {
            this(deploy, order, rollout, Set.of());
        }

        /** Whether it serves without some of the lanes that it was to serve with; a plan of a user's is to be there as a whole. */
        boolean isDegraded() {
            return deploy.order().given().isPresent() ? !lostLanes.isEmpty() : areNeeded(lostLanes);
        }

        /** Whether without these only lanes are left that stand by, and that was not so before. */
        boolean isStandbyWithout(Set<Integer> some) {
            return areNeeded(some)
                    && lanesLeft()
                            .noneMatch(lane -> !some.contains(lane)
                                    && !order.plan().lanes().get(lane).isStandby());
        }

        /** Whether one of these lanes is one that requests are dealt to, rather than one that stands by. */
        boolean areNeeded(Set<Integer> some) {
            return some.stream()
                    .anyMatch(lane -> !order.plan().lanes().get(lane).isStandby());
        }

        /** The lanes left that compute on a node. */
        Set<Integer> lanesOn(String node) {
            return lanesLeft()
                    .filter(lane -> order.plan().lanes().get(lane).nodes().contains(node))
                    .boxed()
                    .collect(Collectors.toSet());
        }

        /** Whether a lane is left besides these. */
        boolean hasOthers(Set<Integer> some) {
            return lanesLeft().anyMatch(lane -> !some.contains(lane));
        }

        private IntStream lanesLeft() {
            return IntStream.range(0, order.plan().lanes().size()).filter(lane -> !lostLanes.contains(lane));
        }

        private Served without(Set<Integer> some) {
            Set<Integer> all = new HashSet<>(lostLanes);
            all.addAll(some);
            return new Served(deploy, order, rollout, all);
        }

        long epoch() {
            return order.epoch();
        }

        /** Whether it has an exchange of frames that this is about, in other lanes than some that are lost. */
        boolean ties(PeerLost lost, Set<Integer> without) {
            return order.ties(lost, deploy.gateway().node(), without);
        }

        boolean isFor(ActorRef<DataMessage> gateway) {
            return order.gateway().equals(gateway);
        }
    }

    /** @param ignored gets answers that nobody waits for */
    ServedEpochs(ActorRef<NodeMessages.Reply> ignored) {
        this.ignored = ignored;
    }

    Optional<Served> of(ActorRef<DataMessage> gateway) {
        return Optional.ofNullable(serving.get(gateway));
    }

    /** The epoch of that number, if it serves. */
    Optional<Served> serving(long epoch) {
        return serving.values().stream().filter(entry -> entry.epoch() == epoch).findFirst();
    }

    /** All that serve, in the order of their epochs. */
    List<Served> serving() {
        return serving.values().stream()
                .sorted(Comparator.comparingLong(Served::epoch))
                .toList();
    }

    List<Served> servingWith(String node) {
        return with(node, serving.values().stream());
    }

    List<Served> drainingWith(String node) {
        return with(node, draining.values().stream());
    }

    private static List<Served> with(String node, Stream<Served> entries) {
        return entries.filter(entry -> !entry.lanesOn(node).isEmpty()).toList();
    }

    List<Served> drainingOf(ActorRef<DataMessage> gateway) {
        return draining.values().stream().filter(entry -> entry.isFor(gateway)).toList();
    }

    /** What nodes hold for this gateway. */
    List<RolloutOrder> orders(ActorRef<DataMessage> gateway) {
        List<RolloutOrder> orders = new ArrayList<>();
        drainingOf(gateway).forEach(entry -> orders.add(entry.order()));
        of(gateway).ifPresent(entry -> orders.add(entry.order()));
        return orders;
    }

    boolean contains(long epoch) {
        return draining.containsKey(epoch) || serving(epoch).isPresent();
    }

    List<Served> all() {
        return Stream.concat(serving.values().stream(), draining.values().stream())
                .toList();
    }

    /** All plans in place for the gateway. */
    List<Plan> plans(ActorRef<DataMessage> gateway) {
        return orders(gateway).stream().map(RolloutOrder::plan).toList();
    }

    /** Plans of the same gateway that are in place beside this one. */
    List<Plan> plansBeside(Served entry) {
        return all().stream()
                .filter(other -> other.isFor(entry.order().gateway()) && other.epoch() != entry.epoch())
                .map(other -> other.order().plan())
                .toList();
    }

    /** Plans in place for other gateways, but for those of the same model: much of these is shared. */
    List<Plan> plansOfOthers(Deploy deploy) {
        String digest = deploy.offer().manifest().digest();
        return all().stream()
                .filter(other -> !other.isFor(deploy.gateway().gateway()))
                .map(other -> other.order().plan())
                .filter(plan -> !plan.modelDigest().equals(digest))
                .toList();
    }

    /** The agents that hold the epoch, by node; none when it is not in place. */
    Map<String, ActorRef<NodeMessages.Step>> agents(long epoch) {
        return serving(epoch)
                .or(() -> draining(epoch))
                .map(entry -> entry.order().agents())
                .orElse(Map.of());
    }

    /** Takes up an epoch that is in place already; returns the one that drains from now on, which may be this one. */
    Optional<Served> adopt(Served entry) {
        if (of(entry.order().gateway())
                .filter(now -> now.epoch() > entry.epoch())
                .isEmpty()) {
            return replace(entry);
        }
        draining.put(entry.epoch(), entry);
        return Optional.of(entry);
    }

    /** Has an epoch serve its gateway; returns the one that drains from now on, if there was any. */
    Optional<Served> replace(Served next) {
        Optional<Served> before = Optional.ofNullable(serving.put(next.order().gateway(), next))
                .filter(entry -> !drainedEarly.remove(entry.epoch()));
        before.ifPresent(entry -> draining.put(entry.epoch(), entry));
        return before;
    }

    /** The gateway has drained the epoch: its nodes can free it. */
    void drained(long epoch) {
        Optional<Served> early = serving(epoch);
        early.ifPresent(entry -> drainedEarly.add(epoch));
        early.or(() -> Optional.ofNullable(draining.remove(epoch))).ifPresent(this::retire);
    }

    /** Takes out what drains; its gateway sends what is in it again, or answers it when nothing follows. */
    void abandonDraining(Served entry, String reason, Outlook outlook) {
        if (draining.remove(entry.epoch()) != null) {
            abandon(entry, reason, outlook);
        }
    }

    Optional<Served> draining(long epoch) {
        return Optional.ofNullable(draining.get(epoch));
    }

    /** Has an epoch serve on without some of its lanes. */
    void dropLanes(Served entry, Set<Integer> lanes) {
        serving.replace(entry.order().gateway(), entry, entry.without(lanes));
        entry.order().gateway().tell(new DropLanes(entry.epoch(), lanes));
    }

    /** Takes out what serves the gateway, if anything does. */
    void abandonServing(ActorRef<DataMessage> gateway, String reason, Outlook outlook) {
        Optional.ofNullable(serving.remove(gateway)).ifPresent(entry -> {
            drainedEarly.remove(entry.epoch());
            abandon(entry, reason, outlook);
        });
    }

    private void abandon(Served over, String reason, Outlook outlook) {
        over.order().gateway().tell(new Abandon(over.epoch(), reason, outlook));
        over.rollout().tell(Rollout.Release.RELEASE);
        retire(over);
    }

    private void retire(Served over) {
        over.order().agents().values().forEach(agent -> agent.tell(new Retire(over.epoch(), ignored)));
    }
}
