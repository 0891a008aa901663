package dev.tandem.actors.client;

import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Sends an order to the supervisor until it is answered: a supervisor that was lost has forgotten it, and the next one knows
 * nothing of it.
 */
final class OrderKeeper {

    /** Longer than a supervisor takes to be replaced; one that knows the order lets it pass. */
    static final Duration AGAIN = Duration.ofSeconds(5);

    private OrderKeeper() {}

    sealed interface Event {}

    private record Answered(DeployReply reply) implements Event {}

    private enum Tick implements Event {
        AGAIN,
        TOO_LATE
    }

    /** Nobody waits for the answer any more. */
    enum Stop implements Event {
        STOP
    }

    /** What an order is about: all but its id, who answers, and the time that is left. */
    interface Order {
        Deploy with(long timeLeftMillis, ActorRef<DeployReply> replyTo);
    }

    /**
     * Sends it at once.
     *
     * @param order the same id in each
     * @param again from one time to the next
     * @param timeLeft from now on; the order says so itself each time
     * @param patience until the answer is given up
     * @param answer completed once, with a {@link TimeoutException} when there is none
     */
    static Behavior<Event> create(
            ActorRef<SupervisorMessages.Command> supervisor,
            Order order,
            Duration again,
            Duration timeLeft,
            Duration patience,
            CompletableFuture<DeployReply> answer) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorRef<DeployReply> replies = context.messageAdapter(DeployReply.class, Answered::new);
            long end = System.nanoTime() + timeLeft.toNanos();
            timers.startTimerWithFixedDelay(Tick.AGAIN, Duration.ZERO, again);
            timers.startSingleTimer(Tick.TOO_LATE, patience);
            return Behaviors.receive(Event.class)
                    .onMessage(Answered.class, answered -> {
                        answer.complete(answered.reply());
                        return Behaviors.stopped();
                    })
                    .onMessageEquals(Tick.AGAIN, () -> {
                        long left = Math.max(0, (end - System.nanoTime()) / 1_000_000);
                        supervisor.tell(order.with(left, replies));
                        return Behaviors.same();
                    })
                    .onMessageEquals(Stop.STOP, Behaviors::stopped)
                    .onMessageEquals(Tick.TOO_LATE, () -> {
                        answer.completeExceptionally(new TimeoutException("no answer within " + patience));
                        return Behaviors.stopped();
                    })
                    .build();
        }));
    }
}
