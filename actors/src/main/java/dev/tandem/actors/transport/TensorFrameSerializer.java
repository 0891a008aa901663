package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.cost.CodecCosts;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.codec.FrameEncoder;
import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes a {@link TensorFrame} straight from the producer's buffer into the transport's, coded as its header asks for, on the
 * transport's own threads. What is read stays coded: its consumer decodes it into place. Reading copies nothing where the
 * transport gives every frame an array of its own and then forgets it, as Artery over TCP does; the array passes to the
 * frame. A native buffer is one of a pool, to which Artery gives it back, so a frame in such a one is copied out of it.
 *
 * <p>Manifest {@code f1}, little-endian, the payload in the producer's native byte order:
 *
 * <pre>
 *   0  u8   format version, 3
 *   1  u8   flags: 1 = failed piece, the payload is a reason in UTF-8
 *   2  u8   form of the elements: 0 as the producer wrote them, 1 binary16, 2 bytes with ranges
 *   3  u8   1 = the form is in an LZ4 block
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
 *  72  i32  bytes of the piece that the payload stands for
 *  76  i32  batch from, batch to, channels from, to, rows from, to, columns from, to;
 *           0, 0 for an axis that is whole
 * 108  u32  CRC-32C of the payload
 * 112       payload
 * </pre>
 *
 * <p>Forms are those of {@link dev.tandem.inference.codec.FrameEncoder}, little-endian.
 *
 * The time left is written, not the deadline, because clocks of nodes differ; the time on the wire is not counted.
 *
 * <p>Threading: any; what it counts is for who asks now and then.
 */
public final class TensorFrameSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {

    static final int HEADER_BYTES = 112;
    static final String MANIFEST = "f1";

    private static final int IDENTIFIER = 7301;
    private static final int CODEC_AT = 2;
    private static final int PAYLOAD_BYTES_AT = 20;
    private static final byte FORMAT_VERSION = 3;
    private static final byte FLAG_FAILED = 1;
    private static final byte FORM_EXACT = 0;
    private static final byte FORM_FLOAT16 = 1;
    private static final byte FORM_INT8 = 2;

    private final InstantSource clock;
    private final LongAdder frames = new LongAdder();
    private final LongAdder payloadBytes = new LongAdder();
    private final DoubleAdder codingSeconds = new DoubleAdder();
    private final FrameEncoders encoders = new FrameEncoders();

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
        return new FrameTraffic(frames.sum(), payloadBytes.sum(), codingSeconds.sum());
    }

    private void count(int payload, double secondsPerByte, Part part) {
        frames.increment();
        payloadBytes.add(payload);
        if (secondsPerByte > 0) {
            codingSeconds.add(secondsPerByte * part.bytes());
        }
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
        FrameHeader header = frame(message).header();
        ByteBuffer target = ByteBuffer.allocate(
                HEADER_BYTES + FrameEncoder.mostBytes(header.part().bytes(), header.codec()));
        toBinary(message, target);
        return Arrays.copyOf(target.array(), target.position());
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
            int crc = writePayload(frame, start, target);
            int payload = target.position() - start - HEADER_BYTES;
            target.putInt(start + PAYLOAD_BYTES_AT, payload);
            target.putInt(start + HEADER_BYTES - Integer.BYTES, crc);
            if (frame.payload() instanceof View view) {
                view.written().add(payload);
            }
            count(
                    payload,
                    CodecCosts.of(frame.header().codec()).encodeSecondsPerByte(),
                    frame.header().part());
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
            int start = source.position();
            TensorFrame frame = read(source);
            count(
                    source.position() - start - HEADER_BYTES,
                    CodecCosts.of(frame.header().codec()).decodeSecondsPerByte(),
                    frame.header().part());
            return frame;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw notSerializable("tensor frame is malformed: " + e, e);
        } finally {
            source.order(order);
        }
    }

    private void writeHeader(FrameHeader header, ByteBuffer target) {
        target.put(FORMAT_VERSION).put(header.failed() ? FLAG_FAILED : 0);
        // What becomes of the codec, and how many bytes there are, is known when the payload is written.
        writeCodec(header.codec(), target);
        target.putInt(header.route().lane()).putLong(header.route().epoch());
        target.putInt(header.route().edge()).putInt(0);
        target.putLong(header.request().most()).putLong(header.request().least());
        target.putLong(header.sequence()).putLong(millisLeft(header.deadlineEpochMillis()));
        target.putLong(header.part().pieceBytes()).putLong(header.part().offset());
        target.putInt(header.part().bytes());
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

    /** @return its checksum */
    private int writePayload(TensorFrame frame, int start, ByteBuffer target) {
        if (frame.payload() instanceof Bytes bytes) {
            target.put(bytes.data().duplicate());
            return Checksum.of(bytes.data());
        }
        RegionView source = ((View) frame.payload()).source();
        Part part = frame.header().part();
        if (frame.header().codec() == Codec.EXACT) {
            return Checksum.copy(source, part.offset(), target, part.bytes());
        }
        Codec written = encode(source, part, frame.header().codec(), target);
        writeCodec(written, target.duplicate().position(start + CODEC_AT));
        return Checksum.of(target.duplicate().flip().position(start + HEADER_BYTES));
    }

    private Codec encode(RegionView source, Part part, Codec codec, ByteBuffer target) {
        FrameEncoder encoder = encoders.take();
        try {
            return encoder.encode(source, part.offset(), part.bytes(), codec, target);
        } finally {
            encoders.giveBack(encoder);
        }
    }

    private static void writeCodec(Codec codec, ByteBuffer target) {
        byte form =
                switch (codec.form()) {
                    case EXACT -> FORM_EXACT;
                    case FLOAT16 -> FORM_FLOAT16;
                    case INT8 -> FORM_INT8;
                };
        target.put(form).put((byte) (codec.isPacked() ? 1 : 0));
    }

    private static Codec readCodec(ByteBuffer source) {
        byte form = source.get();
        byte packed = source.get();
        if (packed < 0 || packed > 1) {
            throw new IllegalArgumentException("packing (" + packed + ") must be 0 or 1");
        }
        return switch (form) {
            case FORM_EXACT -> Codec.of(Codec.Form.EXACT, packed == 1);
            case FORM_FLOAT16 -> Codec.of(Codec.Form.FLOAT16, packed == 1);
            case FORM_INT8 -> Codec.of(Codec.Form.INT8, packed == 1);
            default -> throw new IllegalArgumentException("form (" + form + ") must be 0, 1 or 2");
        };
    }

    private TensorFrame read(ByteBuffer source) throws NotSerializableException {
        byte version = source.get();
        if (version != FORMAT_VERSION) {
            throw new NotSerializableException("format version (" + version + ") of a tensor frame must be "
                    + FORMAT_VERSION + ". Maybe a node of another version sent it.");
        }
        boolean failed = (source.get() & FLAG_FAILED) != 0;
        Codec codec = readCodec(source);
        int lane = source.getInt();
        long epoch = source.getLong();
        Route route = new Route(epoch, lane, source.getInt());
        int payloadBytes = source.getInt();
        RequestId request = new RequestId(source.getLong(), source.getLong());
        long sequence = source.getLong();
        long deadline = deadline(source.getLong());
        Part part = new Part(source.getLong(), source.getLong(), source.getInt());
        Region region = readRegion(source);
        FrameHeader header = new FrameHeader(route, request, sequence, deadline, region, part, codec, failed);
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
