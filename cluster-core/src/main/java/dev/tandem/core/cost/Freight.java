package dev.tandem.core.cost;

import dev.tandem.core.plan.Codec;

/**
 * What travels from one place to another for a request.
 *
 * @param bytes as producers write them; by these pieces are cut into frames
 * @param wireBytes after coding, on the average
 * @param encodeSeconds of one CPU where it leaves, as {@link CodecCosts} were measured
 * @param decodeSeconds of one CPU where it arrives, likewise
 */
public record Freight(long bytes, double wireBytes, double encodeSeconds, double decodeSeconds) {

    /** So many bytes of 32-bit floats, or of anything for a codec that is not lossy. */
    public static Freight of(Codec codec, long bytes) {
        if (codec == Codec.EXACT) {
            return new Freight(bytes, bytes, 0, 0);
        }
        CodecCosts costs = CodecCosts.of(codec);
        return new Freight(
                bytes,
                bytes * costs.ratio(),
                bytes * costs.encodeSecondsPerByte(),
                bytes * costs.decodeSecondsPerByte());
    }

    Freight plus(Freight other) {
        return new Freight(
                bytes + other.bytes,
                wireBytes + other.wireBytes,
                encodeSeconds + other.encodeSeconds,
                decodeSeconds + other.decodeSeconds);
    }
}
