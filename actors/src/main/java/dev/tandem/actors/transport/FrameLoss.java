package dev.tandem.actors.transport;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Hears of frames that were lost, which neither sender nor receiver is told: one that is too large or finds a full queue
 * is dropped at the sender's node, one whose recipient has stopped becomes a dead letter at the recipient's.
 */
public final class FrameLoss extends AbstractBehavior<FrameLoss.Command> {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TimerScheduler<Command> timers;
    private final Consumer<Lost> listener;
    private final LossLog log = new LossLog();

    /** A frame that will not arrive, and why. */
    public record Lost(FrameHeader header, String recipient, String reason) {}

    /** Only this actor's own messages. */
    public sealed interface Command {}

    private record FrameDropped(Dropped event) implements Command {}

    private record FrameUndelivered(DeadLetter event) implements Command {}

    private enum SecondEnded implements Command {
        TICK
    }

    /**
     * Tells the listener of every lost frame of a plan, on this actor's thread. Those between an application and a gateway belong
     * to no plan: who waits for them sends again. One such actor per node is enough.
     */
    public static Behavior<Command> create(Consumer<Lost> listener) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new FrameLoss(context, timers, listener)));
    }

    private FrameLoss(ActorContext<Command> context, TimerScheduler<Command> timers, Consumer<Lost> listener) {
        super(context);
        context.setLoggerName(FrameLoss.class);
        this.timers = timers;
        this.listener = listener;
        subscribe(Dropped.class, context.messageAdapter(Dropped.class, FrameDropped::new));
        subscribe(DeadLetter.class, context.messageAdapter(DeadLetter.class, FrameUndelivered::new));
    }

    private <E> void subscribe(Class<E> event, ActorRef<E> adapter) {
        getContext().getSystem().eventStream().tell(new EventStream.Subscribe<>(event, adapter));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(FrameDropped.class, this::onDropped)
                .onMessage(FrameUndelivered.class, this::onUndelivered)
                .onMessage(SecondEnded.class, ended -> onSecondEnded())
                .build();
    }

    private Behavior<Command> onDropped(FrameDropped dropped) {
        report(dropped.event.message(), dropped.event.recipient(), dropped.event.reason());
        return this;
    }

    private Behavior<Command> onUndelivered(FrameUndelivered undelivered) {
        report(undelivered.event.message(), undelivered.event.recipient(), "the recipient has stopped");
        return this;
    }

    private void report(Object message, org.apache.pekko.actor.ActorRef recipient, String reason) {
        if (message instanceof TensorFrame frame) {
            Lost lost = new Lost(frame.header(), recipient.path().toString(), reason);
            log.lost(lost).ifPresent(this::warn);
            if (lost.header.route().epoch() != TensorTransfer.NO_EPOCH) {
                listener.accept(lost);
            }
        }
    }

    private Behavior<Command> onSecondEnded() {
        log.secondEnded().ifPresent(this::warn);
        return this;
    }

    private void warn(String line) {
        getContext().getLog().warn("{}", line);
        timers.startSingleTimer(SecondEnded.TICK, SECOND);
    }
}
