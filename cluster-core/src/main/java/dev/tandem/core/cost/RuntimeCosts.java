package dev.tandem.core.cost;

/**
 * What the runtime itself costs, beside arithmetic and bytes on the wire.
 *
 * @param secondsPerCall fixed time of one inference call on a shard, whatever it computes
 * @param secondsPerFrame time that a frame occupies its link beyond its bytes: serialising, headers, credit
 * @param frameBytes payload of a full frame
 * @param window requests that a shard holds buffers for at a time
 */
public record RuntimeCosts(double secondsPerCall, double secondsPerFrame, long frameBytes, int window) {

    /** A runtime that costs nothing: what remains is arithmetic and bytes. */
    public static final RuntimeCosts NONE = new RuntimeCosts(0, 0, 1 << 20, 1);

    /** Hand-over between actors and the call into ONNX Runtime, as measured between two members on loopback. */
    private static final double MEASURED_SECONDS_PER_CALL = 150e-6;

    /** Serialising, copying and crediting one frame, as measured between two members on loopback. */
    private static final double MEASURED_SECONDS_PER_FRAME = 300e-6;

    public RuntimeCosts {
        if (!(secondsPerCall >= 0 && Double.isFinite(secondsPerCall))
                || !(secondsPerFrame >= 0 && Double.isFinite(secondsPerFrame))) {
            throw new IllegalArgumentException("secondsPerCall (" + secondsPerCall + ") and secondsPerFrame ("
                    + secondsPerFrame + ") must be finite and at least 0");
        }
        if (frameBytes < 1 || window < 1) {
            throw new IllegalArgumentException(
                    "frameBytes (" + frameBytes + ") and window (" + window + ") must be at least 1");
        }
    }

    /** Tandem's own runtime, as measured, with these frames and this window. */
    public static RuntimeCosts measured(long frameBytes, int window) {
        return new RuntimeCosts(MEASURED_SECONDS_PER_CALL, MEASURED_SECONDS_PER_FRAME, frameBytes, window);
    }

    /** Frames that a piece of so many bytes takes. */
    public long frames(long bytes) {
        return -Math.floorDiv(-bytes, frameBytes);
    }
}
