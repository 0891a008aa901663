package dev.tandem.actors.node;

import dev.tandem.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Takes a member that does not answer out of the cluster at once where its machine says that nothing listens at its port: the
 * process has ended, and cannot be the other half of a cluster that has been parted, which is what one otherwise waits to know.
 * A supervisor that has crashed is so replaced sooner. Unless more than half of all members listen, that is left to the split
 * brain resolver.
 */
final class CrashCheck {

    static final String NAME = "crash-check";

    interface Event {}

    /** Does not answer. */
    record Suspect(Address address) implements Event {}

    private record Checked(Address address, boolean isGone) implements Event {}

    private CrashCheck() {}

    static Behavior<Event> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            ActorRef<UnreachableMember> events = context.messageAdapter(
                    UnreachableMember.class, event -> new Suspect(event.member().address()));
            cluster.subscriptions().tell(Subscribe.create(events, UnreachableMember.class));
            return checking(context, cluster.manager(), () -> others(cluster));
        });
    }

    private static List<Address> others(Cluster cluster) {
        List<Address> others = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            others.add(member.address());
        }
        others.remove(cluster.selfMember().address());
        return others;
    }

    /** @param others addresses of all other members */
    static Behavior<Event> checking(
            ActorContext<Event> context, ActorRef<? super ClusterCommand> cluster, Supplier<List<Address>> others) {
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        return Behaviors.receive(Event.class)
                .onMessage(Suspect.class, suspect -> {
                    Address address = suspect.address();
                    List<Address> all = others.get();
                    context.pipeToSelf(
                            CompletableFuture.supplyAsync(() -> isGone(address, all), blocking),
                            (isGone, failure) -> new Checked(address, failure == null && isGone));
                    return Behaviors.same();
                })
                .onMessage(Checked.class, checked -> {
                    if (checked.isGone()) {
                        context.getLog().warn("member {} has ended: nothing listens there", checked.address());
                        cluster.tell(new Down(checked.address()));
                    }
                    return Behaviors.same();
                })
                .build();
    }

    /** What hides machines may refuse in their place: the smaller part of a cluster must not take the larger one for ended. */
    private static boolean isGone(Address address, List<Address> others) {
        if (!SeedCheck.refuses(place(address))) {
            return false;
        }
        long listening = 1
                + others.stream()
                        .filter(other -> SeedCheck.listens(place(other)))
                        .count();
        return 2 * listening > 1 + others.size();
    }

    private static HostPort place(Address address) {
        return new HostPort(address.getHost().orElseThrow(), address.getPort().orElseThrow());
    }
}
