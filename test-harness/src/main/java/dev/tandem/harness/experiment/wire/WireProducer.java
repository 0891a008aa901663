package dev.tandem.harness.experiment.wire;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceOutbox;
import dev.tandem.actors.transport.PieceOutbox.Destination;
import dev.tandem.actors.transport.RequestStamp;
import dev.tandem.core.region.RegionView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The sending half of a shard without a model: always has the next piece ready, and sends it when there is credit. */
final class WireProducer extends AbstractBehavior<DataMessage> {

    private static final long SEED = 2026;
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final PieceOutbox outbox;
    private final List<RegionView> buffers;
    private final int pieceBytes;
    private final long endNanos;
    private final CompletableFuture<Long> done;
    private long sent;
    private long credited;

    /**
     * Sends for that long and completes the future with the bytes of all pieces, once the last is credited.
     *
     * @param frameBytes largest payload of a frame
     */
    static Behavior<DataMessage> create(
            PieceStream stream,
            int frameBytes,
            ActorRef<DataMessage> consumer,
            Duration time,
            CompletableFuture<Long> done) {
        return Behaviors.setup(context -> {
            PieceOutbox outbox = new PieceOutbox(
                    stream.epoch(),
                    PieceStream.LANE,
                    List.of(new Destination(stream.edge(), consumer)),
                    stream.window(),
                    frameBytes);
            WireProducer producer = new WireProducer(context, stream, outbox, time, done);
            producer.sendWhileCredited();
            return producer;
        });
    }

    private WireProducer(
            ActorContext<DataMessage> context,
            PieceStream stream,
            PieceOutbox outbox,
            Duration time,
            CompletableFuture<Long> done) {
        super(context);
        this.outbox = outbox;
        this.buffers = stream.buffers(SEED);
        this.pieceBytes = stream.pieceBytes();
        this.endNanos = System.nanoTime() + time.toNanos();
        this.done = done;
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder().onMessage(Credit.class, this::onCredit).build();
    }

    private Behavior<DataMessage> onCredit(Credit credit) {
        Optional<String> problem = outbox.onCredit(credit);
        if (problem.isPresent()) {
            done.completeExceptionally(new IllegalStateException(problem.get()));
            return Behaviors.stopped();
        }
        credited++;
        sendWhileCredited();
        if (credited < sent) {
            return this;
        }
        done.complete(sent * pieceBytes);
        return Behaviors.stopped();
    }

    private void sendWhileCredited() {
        while (outbox.hasRoom() && System.nanoTime() < endNanos) {
            RegionView piece = buffers.get((int) (sent % buffers.size()));
            outbox.send(new RequestStamp(new RequestId(0, sent), sent, NO_DEADLINE), edge -> piece);
            sent++;
        }
    }
}
