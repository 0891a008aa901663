package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.FrameLoss.Lost;
import dev.tandem.actors.transport.PieceAssembler.Complete;
import dev.tandem.actors.transport.PieceAssembler.Incomplete;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames over real connections between two actor systems. */
class FrameTransportTest {

    private static final Route ROUTE = new Route(1, 0, 0);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestNodes nodes = new TestNodes();
    private final ActorTestKit producer = nodes.start("tandem");

    /** Gives credit for a piece back to its producer. */
    record Credit(int pieces) implements ControlMessage {}

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    @Test
    void deliversManyPiecesInOrderAndBitExact() {
        int pieces = 1000;
        ActorTestKit consumer = nodes.start("tandem");
        TestProbe<Credit> credit = producer.createTestProbe("credit");
        TestProbe<String> done = consumer.createTestProbe("done");
        ActorRef<Credit> creditFromAfar = asSeenBy(consumer, credit.ref());
        ActorRef<DataMessage> shard = TestNodes.spawnUnderAgent(
                consumer, "shard-0", Consumer.create(pieces, creditFromAfar, done.ref()), producer);

        int available = 8;
        long bytes = 0;
        for (int sequence = 0; sequence < pieces; sequence++) {
            if (available == 0) {
                available = credit.receiveMessage(LONG).pieces();
            }
            available--;
            RegionView piece = piece(sequence);
            bytes += piece.bytes();
            TensorFrame.frames(header(sequence, piece), piece, 30_000).forEach(shard::tell);
        }

        assertThat(done.receiveMessage(LONG)).isEqualTo("all " + pieces);
        assertThat(bytes).isGreaterThan(10_000_000);
    }

    @Test
    void passesViewByReferenceWithinOneSystem() {
        RegionView piece = piece(1);
        TestProbe<DataMessage> shard = producer.createTestProbe("shard");

        shard.ref()
                .tell(TensorFrame.frames(header(1, piece), piece, Integer.MAX_VALUE)
                        .get(0));

        TensorFrame frame = (TensorFrame) shard.receiveMessage();
        assertThat(((View) frame.payload()).source()).isSameAs(piece);
    }

    @Test
    void reportsFrameThatIsTooLarge() {
        ActorTestKit consumer = nodes.start("tandem");
        TestProbe<Lost> losses = producer.createTestProbe("losses");
        producer.spawn(FrameLoss.create(losses.ref()::tell));
        TestProbe<DataMessage> received = consumer.createTestProbe("received");
        ActorRef<DataMessage> shard =
                TestNodes.spawnUnderAgent(consumer, "shard-0", forwardTo(received.ref()), producer);

        shard.tell(oneFrame(4, 3 * 1024 * 1024));
        shard.tell(oneFrame(5, TransportSettings.MAX_FRAME_BYTES));

        Lost lost = losses.receiveMessage(LONG);
        assertThat(lost.header().sequence()).isEqualTo(4);
        assertThat(lost.recipient()).contains("shard-0");
        assertThat(lost.reason()).contains("oversized");
        assertThat(((TensorFrame) received.receiveMessage(LONG)).header().sequence())
                .isEqualTo(5);
    }

    @Test
    void deliversLargeFramesToEveryGatewayOfAProcess() {
        ActorTestKit consumer = nodes.start("tandem");
        TestProbe<DataMessage> received = consumer.createTestProbe("received");

        for (String name : List.of(GatewayActor.NAME, GatewayActor.ANOTHER + 2)) {
            ActorRef<DataMessage> gateway = consumer.spawn(forwardTo(received.ref()), name);
            TestNodes.seenBy(producer, consumer, gateway).tell(oneFrame(6, TransportSettings.MAX_FRAME_BYTES));

            assertThat(((TensorFrame) received.receiveMessage(LONG)).header().sequence())
                    .as(name)
                    .isEqualTo(6);
        }
    }

    @Test
    void reportsFrameWhoseRecipientHasStopped() {
        TestProbe<Lost> losses = producer.createTestProbe("losses");
        producer.spawn(FrameLoss.create(losses.ref()::tell));
        TestProbe<DataMessage> shard = producer.createTestProbe("shard");
        shard.stop();

        // The actor subscribes at some time after it was spawned; what is lost before is not heard of.
        Lost lost = losses.awaitAssert(LONG, () -> {
            shard.ref().tell(oneFrame(3, 100));
            return losses.receiveMessage(Duration.ofMillis(200));
        });

        assertThat(lost.header().sequence()).isEqualTo(3);
        assertThat(lost.reason()).contains("stopped");
    }

    @Test
    void reportsNoFrameThatBelongsToNoPlan() {
        TestProbe<Lost> losses = producer.createTestProbe("losses");
        producer.spawn(FrameLoss.create(losses.ref()::tell));
        TestProbe<DataMessage> client = producer.createTestProbe("client");
        client.stop();
        TensorFrame ofAPlan = oneFrame(3, 100);
        Tensor tensor = Tensor.ofFloats("input", List.of(1), new float[1]);

        Lost lost = losses.awaitAssert(LONG, () -> {
            TensorTransfer.frames(new RequestId(0, 2), 0, List.of(tensor), Long.MAX_VALUE, 4)
                    .forEach(client.ref()::tell);
            client.ref().tell(ofAPlan);
            return losses.receiveMessage(Duration.ofMillis(200));
        });

        assertThat(lost.header()).isEqualTo(ofAPlan.header());
    }

    private static RegionView piece(long sequence) {
        Random random = new Random(sequence);
        return TestPieces.view(random, TestPieces.tensor(random, 4, 64));
    }

    private static FrameHeader header(long sequence, RegionView piece) {
        return FrameHeader.of(ROUTE, new RequestId(0, sequence), sequence, Long.MAX_VALUE, piece.viewed());
    }

    private static TensorFrame oneFrame(long sequence, int bytes) {
        TensorSpec tensor = new TensorSpec("big", ElementType.UINT8, List.of(bytes));
        RegionView piece = RegionView.whole(ByteBuffer.allocateDirect(bytes), tensor, Region.WHOLE);
        return TensorFrame.frames(header(sequence, piece), piece, bytes).get(0);
    }

    private static Behavior<DataMessage> forwardTo(ActorRef<DataMessage> probe) {
        return Behaviors.receiveMessage(message -> {
            probe.tell(message);
            return Behaviors.same();
        });
    }

    private <M> ActorRef<M> asSeenBy(ActorTestKit viewer, ActorRef<M> ref) {
        String path = ActorRefResolver.get(producer.system()).toSerializationFormat(ref);
        return ActorRefResolver.get(viewer.system()).resolveActorRef(path);
    }

    /** Assembles pieces and compares them with what the producer must have sent. */
    private static final class Consumer {

        private final int pieces;
        private final ActorRef<Credit> credit;
        private final ActorRef<String> done;
        private int sequence;
        private RegionView target = place(0);
        private PieceAssembler assembler = new PieceAssembler(ROUTE, 0, target);

        private Consumer(int pieces, ActorRef<Credit> credit, ActorRef<String> done) {
            this.pieces = pieces;
            this.credit = credit;
            this.done = done;
        }

        static Behavior<DataMessage> create(int pieces, ActorRef<Credit> credit, ActorRef<String> done) {
            return Behaviors.setup(context -> {
                Consumer consumer = new Consumer(pieces, credit, done);
                return Behaviors.receiveMessage(message -> consumer.take((TensorFrame) message));
            });
        }

        private Behavior<DataMessage> take(TensorFrame frame) {
            PieceAssembler.Result result = assembler.accept(frame);
            if (result instanceof Complete) {
                if (!java.util.Arrays.equals(TestPieces.bytes(target), TestPieces.bytes(piece(sequence)))) {
                    done.tell("piece " + sequence + " differs");
                }
                credit.tell(new Credit(1));
                next();
            } else if (!(result instanceof Incomplete)) {
                done.tell(result.toString());
            }
            return Behaviors.same();
        }

        private void next() {
            if (++sequence == pieces) {
                done.tell("all " + pieces);
            } else {
                target = place(sequence);
                assembler = new PieceAssembler(ROUTE, sequence, target);
            }
        }

        private static RegionView place(long sequence) {
            return TestPieces.placeFor(piece(sequence), Region.WHOLE);
        }
    }
}
