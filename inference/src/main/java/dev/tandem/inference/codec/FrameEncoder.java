package dev.tandem.inference.codec;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;

/**
 * Writes parts of pieces as a codec has them, each for itself, so that one can be on its way while the next is coded.
 *
 * <p>Holds at most twice the bytes of the largest part so far, and allocates nothing of that size again. One thread at a
 * time.
 */
public final class FrameEncoder {

    private final Scratch scratch = new Scratch();

    /**
     * Writes bytes {@code [offset, offset + bytes)} of the piece to the target's position, which advances by {@code bytes} at
     * most. Without {@link #mostBytes} of room the part is not packed.
     *
     * @param codec one that {@link Codec#on} allows for the piece's type; if it loses something, offset and length are those
     *     of whole elements
     * @return how it really was written: exactly where the form has no room for a value, without LZ4 where that saves nothing
     */
    public Codec encode(RegionView source, long offset, int bytes, Codec codec, ByteBuffer target) {
        requireFits(source, offset, bytes, codec);
        if (codec.isLossy()) {
            int length = convert(source, offset, bytes, codec.form());
            if (length >= 0) {
                return put(length, codec, target);
            }
        }
        if (!codec.isPacked()) {
            source.copyTo(offset, target, bytes);
            return Codec.EXACT;
        }
        source.copyTo(offset, scratch.plain(bytes), bytes);
        return put(bytes, Codec.LZ4, target);
    }

    /** Bytes that there must be room for while a part of so many is packed. */
    public static int mostBytes(int bytes, Codec codec) {
        return codec.isPacked() ? Lz4.COMPRESSOR.maxCompressedLength(bytes) : bytes;
    }

    /** Bytes that it holds. */
    public long scratchBytes() {
        return scratch.bytes();
    }

    /** Length of the form, which is in the scratch then; -1 when it has no room for a value. */
    private int convert(RegionView source, long offset, int bytes, Codec.Form form) {
        float[] values = scratch.load(source, offset, bytes);
        int count = bytes / Float.BYTES;
        if (form == Codec.Form.FLOAT16) {
            int length = Halves.bytes(count);
            return Halves.write(values, count, scratch.plain(length).array()) ? length : -1;
        }
        ChannelGroups groups = ChannelGroups.of(source, offset, bytes);
        int length = ChannelRanges.bytes(groups);
        return length < bytes
                        && ChannelRanges.write(
                                values, groups, scratch.plain(length).array())
                ? length
                : -1;
    }

    private Codec put(int length, Codec codec, ByteBuffer target) {
        ByteBuffer plain = scratch.plain(length).limit(length);
        if (codec.isPacked() && target.remaining() >= Lz4.COMPRESSOR.maxCompressedLength(length)) {
            int at = target.position();
            int packed = Lz4.COMPRESSOR.compress(plain, 0, length, target, at, target.remaining());
            if (packed < length) {
                target.position(at + packed);
                return codec;
            }
        }
        target.put(plain);
        return Codec.of(codec.form(), false);
    }

    private static void requireFits(RegionView source, long offset, int bytes, Codec codec) {
        if (codec.on(source.tensor().type()) != codec) {
            throw new IllegalArgumentException("codec " + codec + " is not for " + source);
        }
        if (codec.isLossy() && (offset % Float.BYTES != 0 || bytes % Float.BYTES != 0)) {
            throw new IllegalArgumentException("offset (" + offset + ") and bytes (" + bytes
                    + ") must be those of whole elements for codec " + codec);
        }
    }
}
