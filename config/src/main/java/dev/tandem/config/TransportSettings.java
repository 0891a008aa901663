package dev.tandem.config;

/**
 * Feature maps and weights on the wire.
 *
 * @param window requests in flight per edge
 */
public record TransportSettings(long frameBytes, int window, long weightChunkBytes) {

    private static final long MIN_MESSAGE_BYTES = 4L << 10;
    private static final long MAX_MESSAGE_BYTES = 1536L << 10;
    private static final int MAX_WINDOW = 64;

    public TransportSettings {
        Limits.check("frameBytes", frameBytes, MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
        Limits.check("window", window, 1, MAX_WINDOW);
        Limits.check("weightChunkBytes", weightChunkBytes, MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
    }

    static TransportSettings from(SectionReader reader) {
        return new TransportSettings(
                reader.bytes("frame-bytes", MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES),
                reader.integer("window", 1, MAX_WINDOW),
                reader.bytes("weight-chunk-bytes", MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES));
    }
}
