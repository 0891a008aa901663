package dev.tandem.inference.codec;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;

/**
 * Puts parts of pieces into their place, from what a {@link FrameEncoder} wrote.
 *
 * <p>Holds at most twice the bytes of the largest part so far, and allocates nothing of that size again. One thread at a
 * time.
 */
public final class FrameDecoder {

    private final Scratch scratch = new Scratch();

    /**
     * Fills bytes {@code [offset, offset + bytes)} of the piece.
     *
     * @param payload from its position to its limit, which do not move
     * @param codec as the encoder said that it was written
     * @throws CodecException when the payload is not that of such a part; the piece may have been written to
     */
    public void decode(ByteBuffer payload, Codec codec, RegionView target, long offset, int bytes) {
        requireFits(codec, target, offset, bytes);
        ChannelGroups groups = ChannelGroups.of(target, offset, bytes);
        int length =
                switch (codec.form()) {
                    case EXACT -> bytes;
                    case FLOAT16 -> Halves.bytes(bytes / Float.BYTES);
                    case INT8 -> ChannelRanges.bytes(groups);
                };
        ByteBuffer plain = codec.isPacked() ? unpack(payload, length) : inArray(payload, length);
        int start = plain.arrayOffset() + plain.position();
        float[] values = scratch.values(codec.isLossy() ? bytes / Float.BYTES : 0);
        switch (codec.form()) {
            case EXACT -> target.copyFrom(offset, plain);
            case FLOAT16 -> Halves.read(plain.array(), start, groups.elements(), values);
            case INT8 -> ChannelRanges.read(plain.array(), start, groups, values);
        }
        if (codec.isLossy()) {
            scratch.store(target, offset, bytes);
        }
    }

    /** Bytes that it holds. */
    public long scratchBytes() {
        return scratch.bytes();
    }

    private ByteBuffer unpack(ByteBuffer payload, int length) {
        ByteBuffer plain = scratch.plain(length).limit(length);
        int written;
        try {
            written = Lz4.DECOMPRESSOR.decompress(payload, payload.position(), payload.remaining(), plain, 0, length);
        } catch (LZ4Exception e) {
            throw new CodecException("LZ4 block of " + payload.remaining() + " bytes must hold " + length
                    + " bytes, but is malformed: " + e.getMessage());
        }
        if (written != length) {
            throw new CodecException("LZ4 block of " + payload.remaining() + " bytes must hold " + length
                    + " bytes, but holds " + written);
        }
        return plain;
    }

    private ByteBuffer inArray(ByteBuffer payload, int length) {
        if (payload.remaining() != length) {
            throw new CodecException("coded part of " + payload.remaining() + " bytes must have " + length + " bytes");
        }
        return payload.hasArray()
                ? payload.duplicate()
                : scratch.plain(length).limit(length).put(payload.duplicate()).flip();
    }

    private static void requireFits(Codec codec, RegionView target, long offset, int bytes) {
        boolean isWhole = offset % Float.BYTES == 0 && bytes % Float.BYTES == 0;
        if (codec.on(target.tensor().type()) != codec || (codec.isLossy() && !isWhole)) {
            throw new CodecException(
                    "bytes [" + offset + ", " + (offset + bytes) + ") of " + target + " must not be coded as " + codec);
        }
    }
}
