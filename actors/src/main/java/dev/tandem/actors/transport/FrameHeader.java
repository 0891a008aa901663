package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.core.region.Region;

/**
 * What a frame says about itself: which piece of which request it is part of, and which part.
 *
 * @param sequence number of the request in its lane, given by the gateway
 * @param deadlineEpochMillis when nobody waits for the answer any more, in milliseconds since 1970 by this
 *     node's clock: on the wire it is the time that is left
 * @param region of its tensor that the piece is
 * @param part which bytes of the piece the frame carries
 * @param failed whether the piece could not be computed; the payload then is the reason
 */
public record FrameHeader(
        Route route,
        RequestId request,
        long sequence,
        long deadlineEpochMillis,
        Region region,
        Part part,
        boolean failed) {

    /** The header that all frames of a piece have in common; its part is filled in frame by frame. */
    public static FrameHeader of(
            Route route, RequestId request, long sequence, long deadlineEpochMillis, Region region) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, Part.NOTHING, false);
    }

    FrameHeader with(Part other) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, other, failed);
    }

    FrameHeader asFailure(Part reason) {
        return new FrameHeader(route, request, sequence, deadlineEpochMillis, region, reason, true);
    }

    /**
     * Bytes {@code [offset, offset + payloadBytes)} of a piece of {@code pieceBytes} bytes.
     *
     * <p>Whether it lies in the piece is for the receiver to check: a frame that is wrong must be told, not unreadable.
     */
    public record Part(long pieceBytes, long offset, int payloadBytes) {

        static final Part NOTHING = new Part(0, 0, 0);

        public Part {
            if (pieceBytes < 0 || offset < 0 || payloadBytes < 0) {
                throw new IllegalArgumentException("piece bytes (" + pieceBytes + "), offset (" + offset
                        + ") and payload bytes (" + payloadBytes + ") must not be negative");
            }
        }

        long end() {
            return offset + payloadBytes;
        }

        boolean isLast() {
            return end() == pieceBytes;
        }
    }
}
