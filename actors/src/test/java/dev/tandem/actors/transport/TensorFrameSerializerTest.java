package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.io.NotSerializableException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.pekko.remote.artery.EnvelopeBuffer;
import org.apache.pekko.remote.artery.EnvelopeBufferPool;
import org.junit.jupiter.api.Test;

class TensorFrameSerializerTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final TensorFrameSerializer serializer = serializerAt(NOW);

    private static TensorFrameSerializer serializerAt(Instant now) {
        return new TensorFrameSerializer(InstantSource.fixed(now));
    }

    private static TensorFrame frame(Random random) {
        TensorSpec tensor = TestPieces.tensor(random, 4, 9);
        RegionView piece = TestPieces.view(random, tensor);
        FrameHeader header = FrameHeader.of(
                new Route(random.nextLong(), random.nextInt(9), random.nextInt(9)),
                RequestId.random(),
                random.nextLong(),
                random.nextLong(Long.MAX_VALUE),
                piece.viewed());
        return TensorFrame.frames(header, piece, 1 + random.nextInt((int) piece.bytes()))
                .get(0);
    }

    @Test
    void readsWhatItWroteToBuffer() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            TensorFrame frame = frame(random);
            ByteBuffer shared = ByteBuffer.allocateDirect(1 << 20)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(13);

            serializer.toBinary(frame, shared);
            shared.flip().position(13);
            TensorFrame read = (TensorFrame) serializer.fromBinary(shared, serializer.manifest(frame));

            assertThat(shared.hasRemaining()).isFalse();
            assertSame(frame, read);
        }
    }

    @Test
    void countsWhatItWritesAndReads() throws Exception {
        TensorFrame frame = frame(new Random(5));
        int payload = frame.header().part().bytes();

        byte[] wire = serializer.toBinary(frame);
        FrameTraffic written = serializer.traffic();
        serializer.fromBinary(wire, serializer.manifest(frame));

        assertThat(written).isEqualTo(new FrameTraffic(1, payload));
        assertThat(serializer.traffic().since(written)).isEqualTo(new FrameTraffic(1, payload));
    }

    @Test
    void leavesTheTimeThatIsLeftAsItIsWhereTheClockIsAnother() throws Exception {
        long sent = NOW.plusSeconds(5).toEpochMilli();
        Instant ahead = NOW.plus(Duration.ofHours(1));
        Instant behind = NOW.minus(Duration.ofDays(9000));

        assertThat(deadlineReadAt(ahead, sent)).isEqualTo(ahead.plusSeconds(5).toEpochMilli());
        assertThat(deadlineReadAt(behind, sent)).isEqualTo(behind.plusSeconds(5).toEpochMilli());
    }

    @Test
    void keepsADeadlineThatIsNever() throws Exception {
        assertThat(deadlineReadAt(NOW.plusSeconds(1), Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keepsADeadlineThatHasPassed() throws Exception {
        assertThat(deadlineReadAt(NOW.minusSeconds(60), NOW.minusSeconds(1).toEpochMilli()))
                .isEqualTo(NOW.minusSeconds(61).toEpochMilli());
    }

    private long deadlineReadAt(Instant receiver, long deadlineEpochMillis) throws Exception {
        TensorSpec tensor = new TensorSpec("x", ElementType.UINT8, List.of(4));
        RegionView whole = RegionView.whole(ByteBuffer.allocate(4), tensor, Region.WHOLE);
        FrameHeader header =
                FrameHeader.of(new Route(1, 0, 0), new RequestId(2, 3), 0, deadlineEpochMillis, Region.WHOLE);
        byte[] wire = serializer.toBinary(TensorFrame.frames(header, whole, 4).get(0));
        return ((TensorFrame) serializerAt(receiver).fromBinary(wire, "f1"))
                .header()
                .deadlineEpochMillis();
    }

    @Test
    void readsWhatItWroteToArray() throws Exception {
        TensorFrame frame = frame(new Random(4));

        assertSame(frame, (TensorFrame) serializer.fromBinary(serializer.toBinary(frame), "f1"));
    }

    @Test
    void writesAgainWhatItRead() throws Exception {
        byte[] array = serializer.toBinary(frame(new Random(5)));

        assertThat(serializer.toBinary(serializer.fromBinary(array, "f1"))).isEqualTo(array);
    }

    @Test
    void carriesTheReasonOfAFailure() throws Exception {
        TensorFrame failed = TensorFrame.failed(frame(new Random(6)).header(), "out of memory");

        TensorFrame read = (TensorFrame) serializer.fromBinary(serializer.toBinary(failed), "f1");

        assertThat(read.header()).isEqualTo(failed.header());
        assertThat(read.reason()).isEqualTo("out of memory");
    }

    @Test
    void keepsNothingOfAPooledBufferNorOfACallersArray() throws Exception {
        TensorFrame frame = frame(new Random(7));
        byte[] array = serializer.toBinary(frame);
        ByteBuffer pooled = ByteBuffer.allocateDirect(array.length).put(array).flip();

        TensorFrame fromPooled = (TensorFrame) serializer.fromBinary(pooled, "f1");
        TensorFrame fromArray = (TensorFrame) serializer.fromBinary(array, "f1");
        pooled.clear().put(new byte[array.length]);
        Arrays.fill(array, (byte) 0);

        assertSame(frame, fromPooled);
        assertSame(frame, fromArray);
    }

    @Test
    void takesOverTheArrayThatTheTransportGivesToEveryFrame() throws Exception {
        TensorFrame frame = frame(new Random(13));
        ByteBuffer own = ByteBuffer.wrap(serializer.toBinary(frame));

        TensorFrame read = (TensorFrame) serializer.fromBinary(own, "f1");

        assertSame(frame, read);
        assertThat(own.hasRemaining()).isFalse();
        assertThat(((Bytes) read.payload()).data().array()).isSameAs(own.array());
    }

    /** What reading relies on: should Artery ever take such buffers back, frames would change under their readers. */
    @Test
    void theTransportTakesOnlyNativeBuffersBack() {
        EnvelopeBufferPool pool = new EnvelopeBufferPool(1024, 4);
        EnvelopeBuffer onHeap = new EnvelopeBuffer(ByteBuffer.allocate(1024));

        pool.release(onHeap);

        assertThat(pool.acquire()).isNotSameAs(onHeap);
    }

    @Test
    void overflowsWhenTheFrameIsTooLargeForTheBuffer() {
        TensorFrame frame = frame(new Random(8));
        int length = serializer.toBinary(frame).length;

        assertThatThrownBy(() -> serializer.toBinary(frame, ByteBuffer.allocate(length - 1)))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void rejectsUnknownManifest() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "f2"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("'f2'");
    }

    @Test
    void rejectsUnknownFormatVersion() {
        byte[] array = serializer.toBinary(frame(new Random(9)));
        array[0] = 1;

        assertThatThrownBy(() -> serializer.fromBinary(array, "f1"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("format version (1)");
    }

    @Test
    void rejectsBytesCutAnywhere() {
        byte[] array = serializer.toBinary(frame(new Random(10)));
        for (int length = 0; length < array.length; length++) {
            byte[] cut = Arrays.copyOf(array, length);
            assertThatThrownBy(() -> serializer.fromBinary(cut, "f1"))
                    .as("%d of %d bytes", length, array.length)
                    .isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void survivesArbitraryBytes() {
        Random random = new Random(12);
        for (int round = 0; round < 2000; round++) {
            byte[] array = serializer.toBinary(frame(new Random(11)));
            for (int change = 0; change < 4; change++) {
                array[1 + random.nextInt(TensorFrameSerializer.HEADER_BYTES - 1)] = (byte) random.nextInt();
            }
            try {
                assertThat(serializer.fromBinary(array, "f1")).isInstanceOf(TensorFrame.class);
            } catch (NotSerializableException refused) {
                assertThat(refused).hasMessageContaining("malformed");
            }
        }
    }

    @Test
    void tellsAChangedByteWhereverItIs() throws Exception {
        TensorSpec tensor = new TensorSpec("x", ElementType.UINT8, List.of(100_003));
        ByteBuffer content = ByteBuffer.allocate(100_003);
        new Random(11).nextBytes(content.array());
        RegionView whole = RegionView.whole(content, tensor, Region.WHOLE);
        FrameHeader header = FrameHeader.of(new Route(1, 0, 0), new RequestId(2, 3), 0, Long.MAX_VALUE, Region.WHOLE);
        byte[] wire = serializer.toBinary(
                TensorFrame.frames(header, whole, Integer.MAX_VALUE).get(0));

        assertThat(isIntact(wire)).isTrue();
        for (int at : new int[] {0, 16_383, 16_384, 65_535, 65_536, 100_002}) {
            byte[] changed = wire.clone();
            changed[TensorFrameSerializer.HEADER_BYTES + at] ^= 64;
            assertThat(isIntact(changed)).as("byte %d", at).isFalse();
        }
    }

    private boolean isIntact(byte[] wire) throws Exception {
        TensorFrame read = (TensorFrame) serializer.fromBinary(wire, TensorFrameSerializer.MANIFEST);
        return ((Bytes) read.payload()).intact();
    }

    @Test
    void rejectsOtherMessages() {
        assertThatThrownBy(() -> serializer.toBinary("text")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertSame(TensorFrame sent, TensorFrame read) {
        FrameHeader.Part part = sent.header().part();
        byte[] expected = new byte[part.bytes()];
        ((View) sent.payload()).source().copyTo(part.offset(), ByteBuffer.wrap(expected), expected.length);
        assertThat(read.header()).isEqualTo(sent.header());
        assertThat(((Bytes) read.payload()).data()).isEqualTo(ByteBuffer.wrap(expected));
        assertThat(((Bytes) read.payload()).intact()).isTrue();
    }
}
