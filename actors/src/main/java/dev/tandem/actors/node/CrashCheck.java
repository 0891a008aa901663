package dev.tandem.actors.node;

import dev.tandem.config.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.remote.artery.QuarantinedEvent;

/**
 * Takes a member out of the cluster at once where its machine says twice that nothing listens at its port: the process has ended, and
 * cannot be the other half of a cluster that has been parted, which is what one otherwise waits to know. A supervisor that has
 * crashed is so replaced sooner, and what a member that has ended said of others is forgotten before the split brain resolver
 * takes these for half lost.
 *
 * <p>All members are looked at when a tether is lost, as heartbeats are missed seconds later, and for a while when one does not
 * answer. Unless more than half of all members listen, all is left to the resolver.
 */
final class CrashCheck extends AbstractBehavior<CrashCheck.Event> {

    static final String NAME = "crash-check";

    /** A process that ends closes its connections one by one; the port may be the last. */
    private static final int LOOKS_AT_ONCE = 5;

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    /** For longer than the resolver waits. */
    private static final int LOOKS_LATER = 10;

    private static final Duration LATER = Duration.ofSeconds(1);

    interface Event {}

    /** A member does not answer some other, as that one says. */
    enum Unreachable implements Event {
        UNREACHABLE
    }

    /** A tether of this member is lost: somebody may have ended. */
    enum TetherLost implements Event {
        TETHER_LOST
    }

    private enum Look implements Event {
        LOOK
    }

    private record Ended(List<UniqueAddress> members) implements Event {}

    private final TimerScheduler<Event> timers;
    private final ActorRef<? super ClusterCommand> cluster;
    private final Supplier<List<UniqueAddress>> others;
    private final Executor blocking;
    private int looksAtOnce;
    private int looksLater;
    private boolean isLooking;
    /** The cluster takes a moment to show it. */
    private final Set<UniqueAddress> removed = new HashSet<>();
    /** In the last look nothing listened there: one refusal may be a machine's that has no room for another connection. */
    private Set<UniqueAddress> suspects = Set.of();

    /** From now on, for as long as the member is one. */
    static void watch(Member member, TetherHub tethers) {
        ActorRef<Event> check = member.spawn(create(), NAME, Props.empty());
        tethers.onLost((peer, incarnation, stood) -> check.tell(TetherLost.TETHER_LOST));
    }

    private static Behavior<Event> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            ActorRef<UnreachableMember> events =
                    context.messageAdapter(UnreachableMember.class, event -> Unreachable.UNREACHABLE);
            cluster.subscriptions().tell(Subscribe.create(events, UnreachableMember.class));
            return Behaviors.withTimers(
                    timers -> new CrashCheck(context, timers, cluster.manager(), () -> others(cluster)));
        });
    }

    private static List<UniqueAddress> others(Cluster cluster) {
        List<UniqueAddress> others = new ArrayList<>();
        for (var member : cluster.state().getMembers()) {
            if (!member.status().equals(MemberStatus.down())) {
                others.add(member.uniqueAddress());
            }
        }
        others.remove(cluster.selfMember().uniqueAddress());
        return others;
    }

    /** @param others all other members but those that are on their way out of the cluster */
    CrashCheck(
            ActorContext<Event> context,
            TimerScheduler<Event> timers,
            ActorRef<? super ClusterCommand> cluster,
            Supplier<List<UniqueAddress>> others) {
        super(context);
        this.timers = timers;
        this.cluster = cluster;
        this.others = others;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public Receive<Event> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(TetherLost.TETHER_LOST, () -> look(LOOKS_AT_ONCE, 0))
                .onMessageEquals(Unreachable.UNREACHABLE, () -> look(0, LOOKS_LATER))
                .onMessageEquals(Look.LOOK, () -> look(0, 0))
                .onMessage(Ended.class, this::onEnded)
                .build();
    }

    /** Looks now, unless it is about to, and at least so often again. */
    private Behavior<Event> look(int atOnce, int later) {
        looksAtOnce = Math.max(looksAtOnce, atOnce);
        looksLater = Math.max(looksLater, later);
        if (!isLooking) {
            isLooking = true;
            List<UniqueAddress> all = new ArrayList<>(others.get());
            removed.retainAll(all);
            all.removeAll(removed);
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> ended(all), blocking),
                            (ended, failure) -> new Ended(failure == null ? ended : List.of()));
        }
        return this;
    }

    private Behavior<Event> onEnded(Ended ended) {
        isLooking = false;
        Set<UniqueAddress> refusing = new HashSet<>(ended.members());
        refusing.retainAll(others.get());
        if (!suspects.containsAll(refusing)) {
            looksAtOnce = Math.max(looksAtOnce, 1);
        }
        refusing.stream().filter(suspects::contains).forEach(this::remove);
        suspects = refusing;
        if (looksAtOnce > 0) {
            looksAtOnce--;
            timers.startSingleTimer(Look.LOOK, AT_ONCE);
        } else if (looksLater > 0) {
            looksLater--;
            timers.startSingleTimer(Look.LOOK, LATER);
        }
        return this;
    }

    /** A member that is not known to be out of reach would not be removed until its heartbeats have been missed. */
    private void remove(UniqueAddress member) {
        removed.add(member);
        getContext().getLog().warn("member {} has ended: nothing listens there", member.address());
        Adapter.toClassic(getContext().getSystem())
                .eventStream()
                .publish(new QuarantinedEvent(
                        new org.apache.pekko.remote.UniqueAddress(member.address(), member.longUid())));
        cluster.tell(new Down(member.address()));
    }

    /** What hides machines may refuse in their place: the smaller part of a cluster must not take the larger one for ended. */
    private static List<UniqueAddress> ended(List<UniqueAddress> all) {
        List<UniqueAddress> ended = SeedCheck.those(all, member -> SeedCheck.refuses(place(member)));
        if (ended.isEmpty()) {
            return ended;
        }
        int listening = 1
                + SeedCheck.those(all, member -> SeedCheck.listens(place(member)))
                        .size();
        return 2 * listening > 1 + all.size() ? ended : List.of();
    }

    private static HostPort place(UniqueAddress member) {
        Address address = member.address();
        return new HostPort(address.getHost().orElseThrow(), address.getPort().orElseThrow());
    }
}
