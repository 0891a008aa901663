package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes a {@link TensorFrame} straight from the producer's buffer into the transport's. Reading copies nothing where the
 * transport gives every frame an array of its own and then forgets it, as Artery over TCP does; the array passes to the
 * frame. A native buffer is one of a pool, to which Artery gives it back, so a frame in such a one is copied out of it.
 *
 * <p>Manifest {@code f1}, little-endian, the payload in the producer's native byte order:
 *
 * <pre>
 *   0  u8   format version, 2
 *   1  u8   flags: 1 = failed piece, the payload is a reason in UTF-8
 *   2  u16  0
 *   4  i32  lane                       index into the plan's lanes
 *   8  i64  epoch
 *  16  i32  edge                       index into the lane's edges
 *  20  i32  payload bytes
 *  24  i64  request id, upper half
 *  32  i64  request id, lower half
 *  40  i64  sequence
 *  48  i64  time left                  milliseconds from writing to the deadline
 *  56  i64  piece bytes
 *  64  i64  offset of the payload in the piece
 *  72  i32  batch from, batch to, channels from, to, rows from, to, columns from, to;
 *           0, 0 for an axis that is whole
 * 104  u32  CRC-32C of the payload
 * 108       payload
 * </pre>
 *
 * The time left is written, not the deadline, because clocks of nodes differ; the time on the wire is not counted.
 *
 * <p>Threading: any; what it counts is for who asks now and then.
 */
public final class TensorFrameSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {

    static final int HEADER_BYTES = 108;
    static final String MANIFEST = "f1";

    private static final int IDENTIFIER = 7301;
    private static final byte FORMAT_VERSION = 2;
    private static final byte FLAG_FAILED = 1;

    private final InstantSource clock;
    private final LongAdder frames = new LongAdder();
    private final LongAdder payloadBytes = new LongAdder();

    /** Made by Pekko, by the name in the configuration. */
    public TensorFrameSerializer() {
        this(InstantSource.system());
    }

    /**
     * @param clock of this node, by which deadlines are meant
     */
    TensorFrameSerializer(InstantSource clock) {
        this.clock = clock;
    }

    /** The one that writes and reads a system's frames. */
    public static TensorFrameSerializer of(ActorSystem<?> system) {
        try {
            return (TensorFrameSerializer) SerializationExtension.get(system).serializerFor(TensorFrame.class);
        } catch (NotSerializableException e) {
            throw new IllegalStateException("frames must have a serializer: " + e.getMessage(), e);
        }
    }

    /** What has been written and read so far. */
    public FrameTraffic traffic() {
        return new FrameTraffic(frames.sum(), payloadBytes.sum());
    }

    private void count(TensorFrame frame) {
        frames.increment();
        payloadBytes.add(frame.header().part().payloadBytes());
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        frame(message);
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        byte[] array = new byte[HEADER_BYTES + frame(message).header().part().payloadBytes()];
        toBinary(message, ByteBuffer.wrap(array));
        return array;
    }

    @Override
    public void toBinary(Object message, ByteBuffer target) {
        TensorFrame frame = frame(message);
        ByteOrder order = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN);
        try {
            int start = target.position();
            writeHeader(frame.header(), target);
            target.putInt(0);
            int crc = writePayload(frame, target);
            target.putInt(start + HEADER_BYTES - Integer.BYTES, crc);
            count(frame);
        } finally {
            target.order(order);
        }
    }

    @Override
    public Object fromBinary(byte[] array, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(array.clone()), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("manifest '" + manifest + "' of a tensor frame must be '" + MANIFEST
                    + "'. Maybe a node of another version sent it.");
        }
        ByteOrder order = source.order();
        source.order(ByteOrder.LITTLE_ENDIAN);
        try {
            TensorFrame frame = read(source);
            count(frame);
            return frame;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw notSerializable("tensor frame is malformed: " + e, e);
        } finally {
            source.order(order);
        }
    }

    private void writeHeader(FrameHeader header, ByteBuffer target) {
        target.put(FORMAT_VERSION).put(header.failed() ? FLAG_FAILED : 0).putShort((short) 0);
        target.putInt(header.route().lane()).putLong(header.route().epoch());
        target.putInt(header.route().edge()).putInt(header.part().payloadBytes());
        target.putLong(header.request().most()).putLong(header.request().least());
        target.putLong(header.sequence()).putLong(millisLeft(header.deadlineEpochMillis()));
        target.putLong(header.part().pieceBytes()).putLong(header.part().offset());
        for (Axis axis : Axis.values()) {
            Interval range = header.region().ranges().getOrDefault(axis, Interval.EMPTY);
            target.putInt(range.from()).putInt(range.to());
        }
    }

    private long millisLeft(long deadlineEpochMillis) {
        return Math.max(0, deadlineEpochMillis) - clock.millis();
    }

    /** A deadline that is never stays never, also where the clock is ahead of the sender's. */
    private long deadline(long millisLeft) {
        long now = clock.millis();
        return millisLeft > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + millisLeft;
    }

    private static int writePayload(TensorFrame frame, ByteBuffer target) {
        Part part = frame.header().part();
        if (frame.payload() instanceof Bytes bytes) {
            target.put(bytes.data().duplicate());
            return Checksum.of(bytes.data());
        }
        return Checksum.copy(((View) frame.payload()).source(), part.offset(), target, part.payloadBytes());
    }

    private TensorFrame read(ByteBuffer source) throws NotSerializableException {
        byte version = source.get();
        if (version != FORMAT_VERSION) {
            throw new NotSerializableException("format version (" + version + ") of a tensor frame must be "
                    + FORMAT_VERSION + ". Maybe a node of another version sent it.");
        }
        boolean failed = (source.get() & FLAG_FAILED) != 0;
        source.getShort();
        int lane = source.getInt();
        long epoch = source.getLong();
        Route route = new Route(epoch, lane, source.getInt());
        int payloadBytes = source.getInt();
        RequestId request = new RequestId(source.getLong(), source.getLong());
        long sequence = source.getLong();
        long deadline = deadline(source.getLong());
        Part part = new Part(source.getLong(), source.getLong(), payloadBytes);
        Region region = readRegion(source);
        FrameHeader header = new FrameHeader(route, request, sequence, deadline, region, part, failed);
        return new TensorFrame(header, readPayload(source, payloadBytes));
    }

    private static Region readRegion(ByteBuffer source) {
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        for (Axis axis : Axis.values()) {
            Interval range = new Interval(source.getInt(), source.getInt());
            if (!range.isEmpty()) {
                ranges.put(axis, range);
            }
        }
        return new Region(ranges);
    }

    private static Bytes readPayload(ByteBuffer source, int payloadBytes) {
        int crc = source.getInt();
        // Checked before anything of that size is allocated.
        if (source.remaining() != payloadBytes) {
            throw new IllegalArgumentException("payload bytes (" + payloadBytes + ") must be what follows the header ("
                    + source.remaining() + ")");
        }
        if (source.isDirect()) {
            byte[] data = new byte[payloadBytes];
            return new Bytes(ByteBuffer.wrap(data), Checksum.copy(source, data) == crc);
        }
        ByteBuffer data = source.slice();
        source.position(source.limit());
        return new Bytes(data, Checksum.of(data) == crc);
    }

    private static TensorFrame frame(Object message) {
        if (message instanceof TensorFrame frame) {
            return frame;
        }
        throw new IllegalArgumentException(
                "message of " + message.getClass() + " must be a TensorFrame. Maybe the serializer binding is wrong.");
    }

    private static NotSerializableException notSerializable(String message, Exception cause) {
        NotSerializableException failure = new NotSerializableException(message);
        failure.initCause(cause);
        return failure;
    }
}
