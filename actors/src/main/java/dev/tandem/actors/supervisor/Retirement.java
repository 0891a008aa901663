package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeployed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Has nodes free epochs, and says when all have done so or have taken too long. */
final class Retirement {

    /** Less than those who ask wait for the answer. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private Retirement() {}

    /** What a retirement hears of. */
    sealed interface Event {}

    private record NodeReply(NodeMessages.Reply reply) implements Event {}

    private enum TimedOut implements Event {
        TIMED_OUT
    }

    private record Awaited(long epoch, String node) {}

    /**
     * @param orders the epochs to free
     * @param epoch that was served, for the answer
     */
    static Behavior<Event> create(List<RolloutOrder> orders, long epoch, ActorRef<Undeployed> replyTo) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(TimedOut.TIMED_OUT, PATIENCE);
            ActorRef<NodeMessages.Reply> replies = context.messageAdapter(NodeMessages.Reply.class, NodeReply::new);
            Set<Awaited> awaited = new HashSet<>();
            for (RolloutOrder order : orders) {
                order.agents().forEach((node, agent) -> {
                    awaited.add(new Awaited(order.epoch(), node));
                    agent.tell(new Retire(order.epoch(), replies));
                });
            }
            Undeployed answer = new Undeployed(epoch);
            return awaited.isEmpty() ? answer(answer, replyTo) : awaiting(awaited, answer, replyTo);
        }));
    }

    private static Behavior<Event> awaiting(Set<Awaited> awaited, Undeployed answer, ActorRef<Undeployed> replyTo) {
        return Behaviors.receive(Event.class)
                .onMessage(NodeReply.class, event -> {
                    awaited.remove(
                            new Awaited(event.reply().epoch(), event.reply().node()));
                    return awaited.isEmpty() ? answer(answer, replyTo) : Behaviors.same();
                })
                .onMessage(TimedOut.class, event -> answer(answer, replyTo))
                .build();
    }

    private static Behavior<Event> answer(Undeployed answer, ActorRef<Undeployed> replyTo) {
        replyTo.tell(answer);
        return Behaviors.stopped();
    }
}
