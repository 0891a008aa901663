package dev.tandem.actors.transport;

/**
 * Frames that were written to and read from the wire, together.
 *
 * @param bytes of their payload
 * @param codingSeconds that coding them is taken to have needed, by {@link dev.tandem.core.cost.CodecCosts}
 */
public record FrameTraffic(long frames, long bytes, double codingSeconds) {

    public static final FrameTraffic NONE = new FrameTraffic(0, 0, 0);

    /** Of frames as their producers wrote them. */
    public FrameTraffic(long frames, long bytes) {
        this(frames, bytes, 0);
    }

    /** What has come to it since an earlier time. */
    public FrameTraffic since(FrameTraffic earlier) {
        return new FrameTraffic(frames - earlier.frames, bytes - earlier.bytes, codingSeconds - earlier.codingSeconds);
    }
}
