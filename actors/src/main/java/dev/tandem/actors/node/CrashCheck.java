package dev.tandem.actors.node;

import dev.tandem.config.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.remote.artery.QuarantinedEvent;

/**
 * Takes a member out of the cluster at once where its machine says that nothing listens at its port: the process has ended, and
 * cannot be the other half of a cluster that has been parted, which is what one otherwise waits to know. A supervisor that has
 * crashed is so replaced sooner. Members that do not answer are looked at, and all when a tether is lost: heartbeats are missed
 * seconds later. Unless more than half of all members listen, that is left to the split brain resolver.
 */
final class CrashCheck extends AbstractBehavior<CrashCheck.Event> {

    static final String NAME = "crash-check";

    /** A process that ends closes its connections one by one; the port may be the last. */
    private static final int LOOKS = 5;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    interface Event {}

    /** Does not answer. */
    record Suspect(UniqueAddress member) implements Event {}

    /** A tether of this member is lost: somebody may have ended. */
    record TetherLost(int looksLeft) implements Event {
        TetherLost() {
            this(LOOKS);
        }
    }

    private record Ended(List<UniqueAddress> members, int looksLeft) implements Event {}

    private final ActorRef<? super ClusterCommand> cluster;
    private final Supplier<List<UniqueAddress>> others;
    private final Executor blocking;

    /** From now on, for as long as the member is one. */
    static void watch(Member member, TetherHub tethers) {
        ActorRef<Event> check = member.spawn(create(), NAME, Props.empty());
        tethers.onLost((peer, incarnation) -> check.tell(new TetherLost()));
    }

    private static Behavior<Event> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            ActorRef<UnreachableMember> events = context.messageAdapter(
                    UnreachableMember.class, event -> new Suspect(event.member().uniqueAddress()));
            cluster.subscriptions().tell(Subscribe.create(events, UnreachableMember.class));
            return new CrashCheck(context, cluster.manager(), () -> others(cluster));
        });
    }

    private static List<UniqueAddress> others(Cluster cluster) {
        List<UniqueAddress> others = new ArrayList<>();
        cluster.state().getMembers().forEach(member -> others.add(member.uniqueAddress()));
        others.remove(cluster.selfMember().uniqueAddress());
        return others;
    }

    /** @param others all other members */
    CrashCheck(
            ActorContext<Event> context,
            ActorRef<? super ClusterCommand> cluster,
            Supplier<List<UniqueAddress>> others) {
        super(context);
        this.cluster = cluster;
        this.others = others;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public Receive<Event> createReceive() {
        return newReceiveBuilder()
                .onMessage(Suspect.class, suspect -> look(List.of(suspect.member()), 1))
                .onMessage(TetherLost.class, lost -> look(others.get(), lost.looksLeft()))
                .onMessage(Ended.class, this::onEnded)
                .build();
    }

    private Behavior<Event> look(List<UniqueAddress> suspects, int looksLeft) {
        List<UniqueAddress> all = others.get();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> ended(suspects, all), blocking),
                        (ended, failure) -> new Ended(failure == null ? ended : List.of(), looksLeft - 1));
        return this;
    }

    private Behavior<Event> onEnded(Ended ended) {
        ended.members().forEach(this::remove);
        if (ended.members().isEmpty() && ended.looksLeft() > 0) {
            getContext().scheduleOnce(LOOK_AGAIN, getContext().getSelf(), new TetherLost(ended.looksLeft()));
        }
        return this;
    }

    /** A member that is not known to be out of reach would not be removed until its heartbeats have been missed. */
    private void remove(UniqueAddress member) {
        getContext().getLog().warn("member {} has ended: nothing listens there", member.address());
        Adapter.toClassic(getContext().getSystem())
                .eventStream()
                .publish(new QuarantinedEvent(
                        new org.apache.pekko.remote.UniqueAddress(member.address(), member.longUid())));
        cluster.tell(new Down(member.address()));
    }

    /** What hides machines may refuse in their place: the smaller part of a cluster must not take the larger one for ended. */
    private static List<UniqueAddress> ended(List<UniqueAddress> suspects, List<UniqueAddress> all) {
        List<UniqueAddress> ended = SeedCheck.those(suspects, member -> SeedCheck.refuses(place(member)));
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
