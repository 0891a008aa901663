package dev.tandem.actors.transport;

import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bounded part of one piece, the unit in which tensors travel.
 *
 * <p>To a consumer in the same JVM a frame is passed by reference and nothing is serialised. To another node it is
 * written straight from the producer's buffer by {@link TensorFrameSerializer}, at some time after it was sent, and coded on
 * the way where the header names a codec. In both
 * cases the producer leaves the buffer unchanged until the consumer has given its credit back; when an edge is given up
 * with frames under way, the buffer is left to the garbage collector rather than used again.
 */
public record TensorFrame(FrameHeader header, Payload payload) implements DataMessage {

    private static final int MAX_REASON_BYTES = 4096;

    public TensorFrame {
        if (payload instanceof View && header.failed()) {
            throw new IllegalArgumentException("a frame of a failed piece must carry a reason, not a region");
        }
    }

    /** What a frame carries. */
    public sealed interface Payload {}

    /**
     * The header's part of this region, in the producer's buffer.
     *
     * @param written is told how many bytes it took on the wire, if it comes to that
     */
    public record View(RegionView source, LongAdder written) implements Payload {

        /** One that nobody counts. */
        public View(RegionView source) {
            this(source, new LongAdder());
        }
    }

    /**
     * Bytes that came over the wire; owned by the frame. They are as the header's codec has them.
     *
     * @param data from its position to its limit, which nobody moves
     * @param intact whether they are those that were sent, by their checksum
     */
    public record Bytes(ByteBuffer data, boolean intact) implements Payload {}

    /**
     * Cuts a piece into frames, in the order in which they must be sent. A piece without bytes is one empty frame.
     *
     * @param base what the frames have in common
     * @param frameBytes largest payload of a frame; where a codec loses something, one of whole elements
     */
    public static List<TensorFrame> frames(FrameHeader base, RegionView piece, int frameBytes) {
        return frames(base, new View(piece), frameBytes);
    }

    /** The same for a piece whose bytes on the wire are counted. */
    static List<TensorFrame> frames(FrameHeader base, View view, int frameBytes) {
        RegionView piece = view.source();
        int unit = base.codec().isLossy() ? piece.tensor().type().bytes() : 1;
        if (frameBytes < unit) {
            throw new IllegalArgumentException("frameBytes (" + frameBytes + ") must be at least " + unit);
        }
        int most = frameBytes - frameBytes % unit;
        List<TensorFrame> frames = new ArrayList<>();
        long offset = 0;
        do {
            int length = (int) Math.min(most, piece.bytes() - offset);
            frames.add(new TensorFrame(base.with(new Part(piece.bytes(), offset, length)), view));
            offset += length;
        } while (offset < piece.bytes());
        return frames;
    }

    /** The only frame of a piece that could not be computed. A long reason is cut. */
    public static TensorFrame failed(FrameHeader base, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_REASON_BYTES) {
            text = java.util.Arrays.copyOf(text, MAX_REASON_BYTES);
        }
        FrameHeader header = base.asFailure(new Part(text.length, 0, text.length));
        return new TensorFrame(header, new Bytes(ByteBuffer.wrap(text), true));
    }

    /** Why the piece could not be computed; only of a failed piece. */
    public String reason() {
        if (!header.failed() || !(payload instanceof Bytes bytes)) {
            throw new IllegalStateException("frame of " + header.route() + " is not that of a failed piece");
        }
        return StandardCharsets.UTF_8.decode(bytes.data().duplicate()).toString();
    }
}
