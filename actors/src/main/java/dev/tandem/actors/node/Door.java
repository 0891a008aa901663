package dev.tandem.actors.node;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.supervisor.SupervisorMessages;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Where a process that is no member asks the cluster: every node has one, at the same path, and passes questions on to the
 * supervisor, which answers straight to who has asked. Whoever only looks must not join: members that come and go while
 * another is lost make a cluster look unstable, and such a cluster ends itself.
 */
public final class Door {

    /** Name under the guardian. */
    static final String NAME = "door";

    /** What may be said at a door. */
    public sealed interface Message permits Knock, Question {}

    /** Asks who is there. */
    public record Knock(ActorRef<Welcome> replyTo) implements Message, ControlMessage {}

    /** Answer to a {@link Knock}; only a visitor of the same version understands what follows. */
    public record Welcome(String version) implements ControlMessage {}

    /** Something to ask the supervisor. */
    public record Question(SupervisorMessages.Visit visit) implements Message, ControlMessage {}

    private Door() {}

    static Behavior<Message> create(String version, ActorRef<SupervisorMessages.Command> supervisor) {
        return Behaviors.receive(Message.class)
                .onMessage(Knock.class, knock -> {
                    knock.replyTo().tell(new Welcome(version));
                    return Behaviors.same();
                })
                .onMessage(Question.class, question -> {
                    supervisor.tell(question.visit());
                    return Behaviors.same();
                })
                .build();
    }
}
