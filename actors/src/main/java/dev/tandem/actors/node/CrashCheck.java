package dev.tandem.actors.node;

import dev.tandem.config.HostPort;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Takes a member that does not answer out of the cluster at once where its machine says that nothing listens at its port: the
 * process has ended, and cannot be the other half of a cluster that has been parted, which is what one otherwise waits to know.
 * A supervisor that has crashed is so replaced sooner. Where half of the members or more do not answer, that is left to the
 * split brain resolver.
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
            return checking(context, cluster.manager(), () -> isMinority(cluster.state()));
        });
    }

    /** What hides machines may refuse in their place: the smaller part of a cluster must not take the larger one for ended. */
    private static boolean isMinority(CurrentClusterState state) {
        return 2 * state.getUnreachable().size() < state.members().size();
    }

    /** @param isMinority whether those that do not answer are less than half of all */
    static Behavior<Event> checking(
            ActorContext<Event> context, ActorRef<? super ClusterCommand> cluster, BooleanSupplier isMinority) {
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        return Behaviors.receive(Event.class)
                .onMessage(Suspect.class, suspect -> {
                    Address address = suspect.address();
                    context.pipeToSelf(
                            CompletableFuture.supplyAsync(() -> SeedCheck.refuses(place(address)), blocking),
                            (isGone, failure) -> new Checked(address, failure == null && isGone));
                    return Behaviors.same();
                })
                .onMessage(Checked.class, checked -> {
                    if (checked.isGone() && isMinority.getAsBoolean()) {
                        context.getLog().warn("member {} has ended: nothing listens there", checked.address());
                        cluster.tell(new Down(checked.address()));
                    }
                    return Behaviors.same();
                })
                .build();
    }

    private static HostPort place(Address address) {
        return new HostPort(address.getHost().orElseThrow(), address.getPort().orElseThrow());
    }
}
