package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Ears for answers that are told apart by what was asked, which adapters of the supervisor's are not. */
final class OneAnswer {

    private OneAnswer() {}

    /** Hears one answer, which it passes on as a message of the supervisor's. */
    static <T> ActorRef<T> to(ActorContext<Command> context, Function<T, Command> message) {
        ActorRef<Command> self = context.getSelf();
        return context.spawnAnonymous(Behaviors.<T>receiveMessage(answer -> {
            self.tell(message.apply(answer));
            return Behaviors.stopped();
        }));
    }
}
