package dev.tandem.actors.transport;

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

/**
 * Hears of frames that were lost, which neither sender nor receiver is told: one that is too large or finds a full queue
 * is dropped at the sender's node, one whose recipient has stopped becomes a dead letter at the recipient's.
 */
public final class FrameLoss extends AbstractBehavior<FrameLoss.Command> {

    private final Consumer<Lost> listener;

    /** A frame that will not arrive, and why. */
    public record Lost(FrameHeader header, String recipient, String reason) {}

    /** Only this actor's own messages. */
    public sealed interface Command {}

    private record FrameDropped(Dropped event) implements Command {}

    private record FrameUndelivered(DeadLetter event) implements Command {}

    /** Tells the listener of every lost frame, on this actor's thread. One such actor per node is enough. */
    public static Behavior<Command> create(Consumer<Lost> listener) {
        return Behaviors.setup(context -> new FrameLoss(context, listener));
    }

    private FrameLoss(ActorContext<Command> context, Consumer<Lost> listener) {
        super(context);
        context.setLoggerName(FrameLoss.class);
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
            getContext()
                    .getLog()
                    .warn(
                            "frame of {} sequence {} at offset {} to {} is lost: {}",
                            lost.header.route(),
                            lost.header.sequence(),
                            lost.header.part().offset(),
                            lost.recipient,
                            reason);
            listener.accept(lost);
        }
    }
}
