package dev.tandem.actors.transport;

/**
 * Frames that were written to and read from the wire, together.
 *
 * @param bytes of their payload
 */
public record FrameTraffic(long frames, long bytes) {

    public static final FrameTraffic NONE = new FrameTraffic(0, 0);

    /** What has come to it since an earlier time. */
    public FrameTraffic since(FrameTraffic earlier) {
        return new FrameTraffic(frames - earlier.frames, bytes - earlier.bytes);
    }
}
