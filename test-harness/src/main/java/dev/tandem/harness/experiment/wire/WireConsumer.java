package dev.tandem.harness.experiment.wire;

import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceInbox;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.region.RegionView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The receiving half of a shard without a model: puts pieces together and gives credit back at once. */
final class WireConsumer extends AbstractBehavior<DataMessage> {

    private static final long SEED = 0;

    private final PieceInbox inbox;
    private final Arrivals arrivals;
    private final ActorRef<DataMessage> producer;
    private long next;

    /** To the consumer alone: tell what has arrived, and stop. */
    record Finish(ActorRef<Outcome> replyTo) implements DataMessage {}

    /** What has arrived, and what was wrong with it, if something was. */
    record Outcome(Arrivals arrivals, Optional<String> problem) {}

    static Behavior<DataMessage> create(PieceStream stream, Interval interval, ActorRef<DataMessage> producer) {
        return Behaviors.setup(context -> new WireConsumer(context, stream, interval, producer));
    }

    private WireConsumer(
            ActorContext<DataMessage> context, PieceStream stream, Interval interval, ActorRef<DataMessage> producer) {
        super(context);
        List<RegionView> buffers = stream.buffers(SEED);
        this.inbox = new PieceInbox(
                stream.epoch(),
                PieceStream.LANE,
                List.of(stream.edge()),
                stream.window(),
                sequence -> Map.of(stream.edge().index(), buffers.get((int) (sequence % buffers.size()))));
        this.arrivals = interval.arrivals();
        this.producer = producer;
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Finish.class, finish -> onFinish(finish, Optional.empty()))
                .build();
    }

    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        Optional<Broken> broken = inbox.accept(frame);
        if (broken.isPresent()) {
            return broken(broken.get().message());
        }
        arrivals.add(System.nanoTime(), frame.header().part().bytes());
        while (inbox.isReady(next)) {
            List<Credit> credits = inbox.release(next);
            credits.forEach(producer::tell);
            next++;
        }
        return this;
    }

    /** An edge that is broken stays so; whoever waits for its end is told why. */
    private Behavior<DataMessage> broken(String problem) {
        return Behaviors.receive(DataMessage.class)
                .onMessage(Finish.class, finish -> onFinish(finish, Optional.of(problem)))
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<DataMessage> onFinish(Finish finish, Optional<String> problem) {
        finish.replyTo().tell(new Outcome(arrivals, problem));
        return Behaviors.stopped();
    }
}
