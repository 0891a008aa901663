package dev.tandem.actors.transport;

import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.codec.CodecException;
import dev.tandem.inference.codec.FrameDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of one piece of one request into their place in the consumer's buffer.
 *
 * <p>Frames must come in order: Artery keeps the order between two actors, so a gap means that a frame was lost. After
 * a piece has failed or broken, every further frame gets the same answer. Threading: one thread at a time.
 */
public final class PieceAssembler {

    private final Route route;
    private final long sequence;
    private final RegionView target;
    private final Codec codec;
    private final FrameDecoder decoder;
    private long expectedOffset;
    private boolean complete;
    private @Nullable Result ended;

    /** For a piece that is not coded. */
    public PieceAssembler(Route route, long sequence, RegionView target) {
        this(route, sequence, target, Codec.EXACT, new FrameDecoder());
    }

    /**
     * @param sequence the request's number in its lane
     * @param target where the piece goes: views the edge's region in the consumer's buffer, which must stay untouched
     *     until the piece is complete
     * @param codec that frames may have, or less of it
     * @param decoder used by this thread only
     */
    PieceAssembler(Route route, long sequence, RegionView target, Codec codec, FrameDecoder decoder) {
        this.route = route;
        this.sequence = sequence;
        this.target = target;
        this.codec = codec;
        this.decoder = decoder;
    }

    /** What a frame made of the piece. */
    public sealed interface Result {}

    /** Frames are still missing. */
    public enum Incomplete implements Result {
        INCOMPLETE
    }

    /** All bytes of the piece are in place. */
    public enum Complete implements Result {
        COMPLETE
    }

    /** The producer could not compute the piece. */
    public record Failed(String reason) implements Result {}

    /** The frame was not taken, and the piece cannot become complete. */
    public record Broken(FrameProblem problem, String message) implements Result {}

    /** Copies the frame's bytes to their place, or says what is wrong with it. */
    public Result accept(TensorFrame frame) {
        if (ended != null) {
            return ended;
        }
        Result result = take(frame);
        if (result instanceof Failed || (result instanceof Broken && !complete)) {
            ended = result;
        }
        return result;
    }

    private Result take(TensorFrame frame) {
        Result refusal = checkAddress(frame.header());
        if (refusal != null) {
            return refusal;
        }
        if (frame.header().failed()) {
            return checkBytes(frame) instanceof Broken broken ? broken : new Failed(frame.reason());
        }
        refusal = checkPart(frame);
        if (refusal != null) {
            return refusal;
        }
        refusal = checkBytes(frame);
        if (refusal != null) {
            return refusal;
        }
        try {
            place(frame);
        } catch (CodecException e) {
            return broken(FrameProblem.CORRUPT, frame.header(), String.valueOf(e.getMessage()));
        }
        return complete ? Complete.COMPLETE : Incomplete.INCOMPLETE;
    }

    private @Nullable Result checkAddress(FrameHeader header) {
        if (header.route().epoch() != route.epoch()) {
            return broken(FrameProblem.WRONG_EPOCH, header, "epoch must be " + route.epoch());
        }
        if (!header.route().equals(route)) {
            return broken(FrameProblem.WRONG_EDGE, header, "route must be " + route);
        }
        if (header.sequence() != sequence) {
            FrameProblem problem = header.sequence() < sequence ? FrameProblem.DUPLICATE : FrameProblem.OUT_OF_ORDER;
            return broken(problem, header, "sequence must be " + sequence);
        }
        return null;
    }

    private @Nullable Result checkPart(TensorFrame frame) {
        FrameHeader header = frame.header();
        Part part = header.part();
        if (!isExpectedRegion(header) || part.pieceBytes() != target.bytes()) {
            return broken(
                    FrameProblem.WRONG_REGION,
                    header,
                    "region " + header.region() + " of " + part.pieceBytes() + " bytes must be " + target + " of "
                            + target.bytes() + " bytes");
        }
        if (!codec.allows(header.codec())) {
            return broken(FrameProblem.WRONG_CODEC, header, "codec " + header.codec() + " must be " + codec);
        }
        // A few bytes may stand for many.
        if (header.codec() != Codec.EXACT && part.bytes() > TransportSettings.MAX_FRAME_BYTES) {
            return broken(
                    FrameProblem.OVERSIZED,
                    header,
                    "bytes (" + part.bytes() + ") must not exceed " + TransportSettings.MAX_FRAME_BYTES);
        }
        if (part.end() > part.pieceBytes()) {
            return broken(
                    FrameProblem.OVERSIZED,
                    header,
                    "offset (" + part.offset() + ") plus bytes (" + part.bytes() + ") must not exceed the piece's "
                            + part.pieceBytes() + " bytes");
        }
        if (part.offset() != expectedOffset || complete) {
            FrameProblem problem =
                    part.offset() < expectedOffset || complete ? FrameProblem.DUPLICATE : FrameProblem.OUT_OF_ORDER;
            return broken(problem, header, "offset (" + part.offset() + ") must be " + expectedOffset);
        }
        return null;
    }

    private boolean isExpectedRegion(FrameHeader header) {
        if (header.region().equals(target.viewed())) {
            return true;
        }
        try {
            return header.region()
                    .ranges(target.tensor())
                    .equals(target.viewed().ranges(target.tensor()));
        } catch (IllegalArgumentException outsideOfTensor) {
            return false;
        }
    }

    private @Nullable Result checkBytes(TensorFrame frame) {
        FrameHeader header = frame.header();
        if (frame.payload() instanceof View view) {
            return view.source().matches(target)
                    ? null
                    : broken(FrameProblem.WRONG_REGION, header, view.source() + " must match " + target);
        }
        int bytes = ((Bytes) frame.payload()).data().remaining();
        if (header.codec() == Codec.EXACT && bytes != header.part().bytes()) {
            return broken(
                    FrameProblem.CORRUPT,
                    header,
                    "payload of " + bytes + " bytes must have " + header.part().bytes());
        }
        if (!((Bytes) frame.payload()).intact()) {
            return broken(FrameProblem.CORRUPT, header, "checksum of the payload must be the sender's");
        }
        return null;
    }

    private void place(TensorFrame frame) {
        Part part = frame.header().part();
        if (frame.payload() instanceof View view) {
            view.source().copyTo(part.offset(), target, part.bytes());
        } else {
            ByteBuffer data = ((Bytes) frame.payload()).data();
            if (frame.header().codec() == Codec.EXACT) {
                target.copyFrom(part.offset(), data.duplicate());
            } else {
                decoder.decode(data, frame.header().codec(), target, part.offset(), part.bytes());
            }
        }
        expectedOffset = part.end();
        complete = part.isLast();
    }

    private static Broken broken(FrameProblem problem, FrameHeader header, String expectation) {
        return new Broken(
                problem,
                "frame at offset " + header.part().offset() + " of " + header.route() + " sequence " + header.sequence()
                        + ": " + expectation);
    }
}
