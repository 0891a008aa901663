package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A producer's outbox against a consumer's inbox: two producers, each with half of a tensor's rows. */
@SuppressWarnings("NullAway.Init")
class PieceFlowTest {

    private static final int WINDOW = 2;
    private static final TensorSpec TENSOR = new TensorSpec("t", ElementType.UINT8, List.of(1, 2, 4, 3));
    private static final Endpoint CONSUMER = new Endpoint(1, 0);
    private static final Lane LANE = new Lane(
            1,
            "model",
            List.of(),
            List.of(
                    new Edge("t", new Endpoint(0, 0), CONSUMER, Region.rows(0, 2), Codec.EXACT),
                    new Edge("t", new Endpoint(0, 1), CONSUMER, Region.rows(2, 4), Codec.EXACT)));

    private final TestInbox<DataMessage> wire = TestInbox.create();
    private final Map<Long, ByteBuffer> landed = new HashMap<>();
    private final PieceInbox inbox =
            new PieceInbox(7, 0, IndexedEdge.into(LANE, CONSUMER), WINDOW, sequence -> land(sequence));
    private PieceOutbox upper;
    private PieceOutbox lower;

    @BeforeEach
    void connect() {
        upper = outbox(new Endpoint(0, 0));
        lower = outbox(new Endpoint(0, 1));
    }

    private PieceOutbox outbox(Endpoint producer) {
        List<PieceOutbox.Destination> destinations = IndexedEdge.outOf(LANE, producer).stream()
                .map(edge -> new PieceOutbox.Destination(edge, wire.getRef()))
                .toList();
        return new PieceOutbox(7, 0, destinations, WINDOW, 5);
    }

    private Map<Integer, RegionView> land(long sequence) {
        ByteBuffer buffer = ByteBuffer.allocate((int) TENSOR.bytes());
        landed.put(sequence, buffer);
        Map<Integer, RegionView> views = new HashMap<>();
        for (int edge = 0; edge < LANE.edges().size(); edge++) {
            views.put(
                    edge,
                    new RegionView(
                            buffer, TENSOR, Region.WHOLE, LANE.edges().get(edge).region()));
        }
        return views;
    }

    @Test
    void putsPiecesOfSeveralProducersTogether() {
        send(upper, 0, Region.rows(0, 2));
        assertThat(deliver()).isEmpty();
        assertThat(inbox.isReady(0)).isFalse();

        send(lower, 0, Region.rows(2, 4));
        assertThat(deliver()).isEmpty();

        assertThat(inbox.isReady(0)).isTrue();
        assertThat(landed.get(0L)).isEqualTo(ByteBuffer.wrap(content(0)));
    }

    @Test
    void carriesFailureOfOneProducerAndKeepsTheOrder() {
        upper.fail(stamp(0), "no memory");
        send(lower, 0, Region.rows(2, 4));
        send(upper, 1, Region.rows(0, 2));
        send(lower, 1, Region.rows(2, 4));

        assertThat(deliver()).isEmpty();

        assertThat(inbox.failure(0)).contains("no memory");
        assertThat(inbox.isReady(0)).isTrue();
        inbox.release(0);
        assertThat(inbox.isReady(1)).isTrue();
        assertThat(inbox.failure(1)).isEmpty();
    }

    @Test
    void givesRoomBackWithCredit() {
        for (long sequence = 0; sequence < WINDOW; sequence++) {
            send(upper, sequence, Region.rows(0, 2));
            send(lower, sequence, Region.rows(2, 4));
        }
        deliver();
        assertThat(upper.hasRoom()).isFalse();

        List<Credit> credits = inbox.release(0);
        assertThat(upper.onCredit(credits.get(0))).isEmpty();
        assertThat(lower.onCredit(credits.get(1))).isEmpty();

        assertThat(upper.hasRoom()).isTrue();
        assertThat(upper.oldestInUse()).isEqualTo(1);
    }

    @Test
    void refusesToSendBeyondTheWindow() {
        send(upper, 0, Region.rows(0, 2));
        send(upper, 1, Region.rows(0, 2));

        assertThatThrownBy(() -> send(upper, 2, Region.rows(0, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at most 2");
    }

    @Test
    void refusesCreditOutOfOrder() {
        send(upper, 0, Region.rows(0, 2));
        send(upper, 1, Region.rows(0, 2));

        assertThat(upper.onCredit(new Credit(new Route(7, 0, 0), 1)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("must be for request 0"));
    }

    @Test
    void refusesCreditForWhatWasNotSent() {
        assertThat(upper.onCredit(new Credit(new Route(7, 0, 0), 0)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("of 0 sent"));
    }

    @Test
    void refusesCreditForAnotherProducersEdge() {
        assertThat(upper.onCredit(new Credit(new Route(7, 0, 1), 0)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("does not start here"));
    }

    @Test
    void tellsOfFrameThatIsMissing() {
        send(upper, 0, Region.rows(0, 2));
        List<TensorFrame> frames = frames();

        assertThat(inbox.accept(frames.get(0))).isEmpty();
        assertThat(inbox.accept(frames.get(2)))
                .hasValueSatisfying(broken -> assertThat(broken.problem()).isEqualTo(FrameProblem.OUT_OF_ORDER));
    }

    @Test
    void tellsOfRequestThatIsMissing() {
        send(upper, 0, Region.rows(0, 2));
        frames();
        send(upper, 1, Region.rows(0, 2));

        assertThat(inbox.accept(frames().get(0)))
                .hasValueSatisfying(broken -> assertThat(broken.problem()).isEqualTo(FrameProblem.OUT_OF_ORDER));
    }

    @Test
    void tellsOfFrameForAnotherEpoch() {
        FrameHeader header =
                FrameHeader.of(new Route(8, 0, 0), RequestId.random(), 0, Long.MAX_VALUE, Region.rows(0, 2));

        assertThat(inbox.accept(TensorFrame.failed(header, "x")))
                .hasValueSatisfying(broken -> assertThat(broken.problem()).isEqualTo(FrameProblem.WRONG_EDGE));
    }

    private void send(PieceOutbox outbox, long sequence, Region held) {
        RegionView all = RegionView.whole(ByteBuffer.wrap(content(sequence)), TENSOR, Region.WHOLE);
        ByteBuffer own = ByteBuffer.allocate((int) held.bytes(TENSOR));
        RegionView part = RegionView.whole(own, TENSOR, held);
        RegionView.copy(all.view(held), part);
        outbox.send(stamp(sequence), edge -> part.view(edge.edge().region()));
    }

    private static RequestStamp stamp(long sequence) {
        return new RequestStamp(new RequestId(1, sequence), sequence, Long.MAX_VALUE);
    }

    private static byte[] content(long sequence) {
        byte[] bytes = new byte[(int) TENSOR.bytes()];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) (sequence * 31 + index);
        }
        return bytes;
    }

    /** Frames under way, cut as to another node: the test's consumer is local, so they come whole. */
    private List<TensorFrame> frames() {
        List<TensorFrame> frames = new ArrayList<>();
        for (DataMessage message : wire.getAllReceived()) {
            TensorFrame whole = (TensorFrame) message;
            if (whole.payload() instanceof TensorFrame.View view) {
                FrameHeader base = FrameHeader.of(
                        whole.header().route(),
                        whole.header().request(),
                        whole.header().sequence(),
                        whole.header().deadlineEpochMillis(),
                        whole.header().region());
                frames.addAll(TensorFrame.frames(base, view.source(), 5));
            } else {
                frames.add(whole);
            }
        }
        return frames;
    }

    private List<PieceAssembler.Broken> deliver() {
        List<PieceAssembler.Broken> problems = new ArrayList<>();
        frames().forEach(frame -> inbox.accept(frame).ifPresent(problems::add));
        return problems;
    }
}
