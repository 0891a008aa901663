package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.Region;

/**
 * What a frame says about itself: which piece of which request it is part of, and which part.
 *
 * @param sequence number of the request in its lane, given by the gateway
 * @param deadlineEpochMillis when nobody waits for the answer any more, in milliseconds since 1970 by this
 *     node's clock: on the wire it is the time that is left
 * @param region of its tensor that the piece is
 * @param part which bytes of the piece the frame carries
 * @param codec how the piece is to travel, or how this frame did
 * @param failed whether the piece could not be computed; the payload then is the reason
 */
public record FrameHeader(
        Route route,
        RequestId request,
        long sequence,
        long deadlineEpochMillis,
        Region region,
        Part part,
        Codec codec,
        boolean failed) {

    /** The header that all frames of a piece have in common; its part is filled in frame by frame. Nothing is coded. */
    public static FrameHeader of(
            Route route, RequestId request, long sequence, long deadlineEpochMillis, Region region) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, Part.NOTHING, Codec.EXACT, false);
    }

    FrameHeader with(Part other) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, other, codec, failed);
    }

    /** The same for a piece that travels otherwise. */
    public FrameHeader coded(Codec other) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, part, other, failed);
    }

    FrameHeader asFailure(Part reason) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, reason, Codec.EXACT, true);
    }

    /**
     * Bytes {@code [offset, offset + bytes)} of a piece of {@code pieceBytes} bytes, as the producer wrote them: on the
     * wire a codec may make them fewer.
     *
     * <p>Whether it lies in the piece is for the receiver to check: a frame that is wrong must be told, not unreadable.
     */
    public record Part(long pieceBytes, long offset, int bytes) {

        static final Part NOTHING = new Part(0, 0, 0);

        public Part {
            if (pieceBytes < 0 || offset < 0 || bytes < 0) {
                throw new IllegalArgumentException("piece bytes (" + pieceBytes + "), offset (" + offset
                        + ") and bytes (" + bytes + ") must not be negative");
            }
        }

        long end() {
            return offset + bytes;
        }

        boolean isLast() {
            return end() == pieceBytes;
        }
    }
}
