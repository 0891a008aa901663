package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceAssembler.Complete;
import dev.tandem.actors.transport.PieceAssembler.Incomplete;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.cost.CodecCosts;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.codec.FrameDecoder;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pieces that are coded on their way, from the producer's buffer over the wire into the consumer's. */
class CodedFramesTest {

    private static final TensorSpec MAP = new TensorSpec("map", ElementType.FLOAT, List.of(1, 6, 20, 31));
    private static final Region ROWS = Region.rows(3, 17);
    private static final Route ROUTE = new Route(7, 0, 3);
    private static final double LARGEST = 4;

    private final TensorFrameSerializer serializer = new TensorFrameSerializer();
    private final RegionView piece = new RegionView(filled(MAP), MAP, Region.WHOLE, ROWS);
    private final RegionView target = RegionView.whole(
            ByteBuffer.allocateDirect((int) ROWS.bytes(MAP)).order(ByteOrder.nativeOrder()), MAP, ROWS);

    private static ByteBuffer filled(TensorSpec tensor) {
        Random random = new Random(1);
        ByteBuffer content = ByteBuffer.allocateDirect((int) tensor.bytes()).order(ByteOrder.nativeOrder());
        while (content.hasRemaining()) {
            content.putFloat((float) Math.max(0, Math.min(LARGEST, random.nextGaussian())));
        }
        return content.flip();
    }

    private static FrameHeader header(Codec codec) {
        return FrameHeader.of(ROUTE, new RequestId(1, 2), 5, Long.MAX_VALUE, ROWS)
                .coded(codec);
    }

    private PieceAssembler assembler(Codec codec) {
        return new PieceAssembler(ROUTE, 5, target, codec, new FrameDecoder());
    }

    private TensorFrame overTheWire(TensorFrame frame) throws NotSerializableException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 << 20);
        serializer.toBinary(frame, buffer);
        return (TensorFrame) serializer.fromBinary(buffer.flip(), serializer.manifest(frame));
    }

    private static FloatBuffer floats(RegionView view) {
        return ByteBuffer.wrap(TestPieces.bytes(view))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void bringsAPieceInFramesThatDoNotDivideIt(Codec codec) throws Exception {
        for (int frameBytes : new int[] {1000, 4099, 1 << 20}) {
            PieceAssembler assembler = assembler(codec);
            PieceAssembler.Result last = Incomplete.INCOMPLETE;
            for (TensorFrame frame : TensorFrame.frames(header(codec), piece, frameBytes)) {
                assertThat(last).isEqualTo(Incomplete.INCOMPLETE);
                last = assembler.accept(overTheWire(frame));
            }

            assertThat(last).isEqualTo(Complete.COMPLETE);
            assertThatPieceArrived(codec);
        }
    }

    private void assertThatPieceArrived(Codec codec) {
        double error =
                switch (codec.form()) {
                    case EXACT -> 0;
                    case FLOAT16 -> LARGEST / 2048;
                    case INT8 -> LARGEST / 510 * 1.001;
                };
        FloatBuffer expected = floats(piece);
        FloatBuffer actual = floats(target);
        while (expected.hasRemaining()) {
            assertThat((double) actual.get()).isCloseTo(expected.get(), within(error));
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void countsWhatIsOnTheWire(Codec codec) throws Exception {
        LongAdder written = new LongAdder();

        long payload = 0;
        for (TensorFrame frame : TensorFrame.frames(header(codec), new View(piece, written), 4096)) {
            payload += ((Bytes) overTheWire(frame).payload()).data().remaining();
        }

        assertThat(written.sum()).isEqualTo(payload).isLessThanOrEqualTo(piece.bytes());
        assertThat(serializer.traffic().bytes()).isEqualTo(2 * payload);
        CodecCosts costs = CodecCosts.of(codec);
        assertThat(serializer.traffic().codingSeconds())
                .isCloseTo(piece.bytes() * (costs.encodeSecondsPerByte() + costs.decodeSecondsPerByte()), within(1e-9));
    }

    @Test
    void takesFramesThatCouldNotBeCodedAsTheyAre() throws Exception {
        piece.buffer().order(ByteOrder.nativeOrder()).putFloat(3 * 31 * Float.BYTES, Float.NaN);
        PieceAssembler assembler = assembler(Codec.INT8_LZ4);

        List<Codec> codecs = new ArrayList<>();
        for (TensorFrame frame : TensorFrame.frames(header(Codec.INT8_LZ4), piece, 4096)) {
            TensorFrame read = overTheWire(frame);
            codecs.add(read.header().codec());
            assertThat(assembler.accept(read)).isNotInstanceOf(Broken.class);
        }

        assertThat(codecs.get(0).isLossy()).isFalse();
        assertThat(codecs.get(1).isLossy()).isTrue();
        assertThat(floats(target).get(0)).isNaN();
        assertThat(floats(target).get(1)).isEqualTo(floats(piece).get(1));
    }

    @Test
    void writesCodedFramesAgainAsTheyWereRead() throws Exception {
        for (Codec codec : Codec.values()) {
            byte[] wire = serializer.toBinary(
                    TensorFrame.frames(header(codec), piece, 4096).get(0));

            TensorFrame read = (TensorFrame) serializer.fromBinary(wire, TensorFrameSerializer.MANIFEST);
            byte[] again = serializer.toBinary(read);

            assertThat(read.header().codec()).isEqualTo(codec);
            assertThat(again).hasSameSizeAs(wire);
            assertThat(Arrays.copyOfRange(again, TensorFrameSerializer.HEADER_BYTES, again.length))
                    .isEqualTo(Arrays.copyOfRange(wire, TensorFrameSerializer.HEADER_BYTES, wire.length));
        }
    }

    @Test
    void refusesCodecsThatThePlanDoesNotName() throws Exception {
        assertRefused(Codec.EXACT, Codec.INT8);
        assertRefused(Codec.EXACT, Codec.LZ4);
        assertRefused(Codec.LZ4, Codec.FLOAT16);
        assertRefused(Codec.FLOAT16, Codec.INT8);
        assertRefused(Codec.FLOAT16, Codec.FLOAT16_LZ4);
    }

    private void assertRefused(Codec planned, Codec sent) throws Exception {
        TensorFrame frame =
                overTheWire(TensorFrame.frames(header(sent), piece, 1 << 20).get(0));

        PieceAssembler.Result result = assembler(planned).accept(frame);

        assertThat(result).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.problem()).isEqualTo(FrameProblem.WRONG_CODEC);
            assertThat(broken.message()).contains("codec " + sent + " must be " + planned);
        });
    }

    @Test
    void refusesPayloadsThatAreNotWhatTheCodecWrites() {
        for (Codec codec : Codec.values()) {
            Part part = new Part(piece.bytes(), 0, 4000);
            Bytes payload = new Bytes(ByteBuffer.wrap(new byte[777]), true);

            PieceAssembler.Result result =
                    assembler(codec).accept(new TensorFrame(header(codec).with(part), payload));

            assertThat(result).isInstanceOfSatisfying(Broken.class, broken -> {
                assertThat(broken.problem()).isEqualTo(FrameProblem.CORRUPT);
                assertThat(broken.message()).contains("777 bytes must");
            });
        }
    }

    @Test
    void refusesBytesThatAreNotThoseThatWereSent() throws Exception {
        byte[] wire = serializer.toBinary(
                TensorFrame.frames(header(Codec.INT8), piece, 1 << 20).get(0));
        wire[wire.length - 1] ^= 1;

        PieceAssembler.Result result =
                assembler(Codec.INT8).accept((TensorFrame) serializer.fromBinary(wire, TensorFrameSerializer.MANIFEST));

        assertThat(result).isInstanceOfSatisfying(Broken.class, broken -> assertThat(broken.message())
                .contains("checksum"));
    }

    @Test
    void refusesFewBytesThatStandForMoreThanAFrameHolds() {
        TensorSpec large = new TensorSpec("large", ElementType.FLOAT, List.of(1, 1, 1024, 1024));
        RegionView place = RegionView.whole(ByteBuffer.allocate((int) large.bytes()), large, Region.WHOLE);
        FrameHeader header = FrameHeader.of(ROUTE, new RequestId(1, 2), 5, 0, Region.WHOLE)
                .coded(Codec.LZ4)
                .with(new Part(large.bytes(), 0, (int) large.bytes()));

        PieceAssembler.Result result = new PieceAssembler(ROUTE, 5, place, Codec.LZ4, new FrameDecoder())
                .accept(new TensorFrame(header, new Bytes(ByteBuffer.allocate(20), true)));

        assertThat(result).isInstanceOfSatisfying(Broken.class, broken -> assertThat(broken.problem())
                .isEqualTo(FrameProblem.OVERSIZED));
    }

    @Test
    void codesNothingWithinOneProcess() {
        Endpoint consumer = new Endpoint(1, 0);
        Lane lane = new Lane(
                1,
                "model",
                List.of(),
                List.of(new Edge(MAP.name(), new Endpoint(0, 0), consumer, ROWS, Codec.INT8_LZ4)));
        TestInbox<DataMessage> inbox = TestInbox.create();
        PieceOutbox outbox = new PieceOutbox(
                7,
                0,
                List.of(new PieceOutbox.Destination(
                        IndexedEdge.into(lane, consumer).get(0), inbox.getRef())),
                2,
                4096);

        outbox.send(new RequestStamp(new RequestId(1, 2), 0, Long.MAX_VALUE), edge -> piece);

        TensorFrame frame = (TensorFrame) inbox.receiveMessage();
        assertThat(frame.header().codec()).isEqualTo(Codec.EXACT);
        assertThat(frame.payload()).isInstanceOf(View.class);
        assertThat(inbox.hasMessages()).isFalse();
        assertThat(outbox.bytesSent()).isZero();
    }
}
