package dev.tandem.actors.client;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Whether an actor of this process has ended, by a failure or otherwise. Thread-safe. */
final class ActorEnd {

    private volatile boolean hasCome;

    private ActorEnd() {}

    /** Notices it from now on, also when it has come already. */
    static ActorEnd of(ActorRef<?> actor, ActorSystem<?> system) {
        ActorEnd end = new ActorEnd();
        system.systemActorOf(end.watch(actor), "end-of-" + actor.path().name(), Props.empty());
        return end;
    }

    private Behavior<Void> watch(ActorRef<?> actor) {
        return Behaviors.setup(context -> {
            context.watch(actor);
            return Behaviors.receive(Void.class)
                    .onSignal(Terminated.class, ended -> {
                        hasCome = true;
                        return Behaviors.stopped();
                    })
                    .build();
        });
    }

    boolean hasCome() {
        return hasCome;
    }
}
