package dev.tandem.inference.codec;

import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Memory that frames are coded in: grown to the largest frame so far, and used again for the next. */
final class Scratch {

    private static final int BLOCK_BYTES = 16 * 1024;

    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.nativeOrder());
    private final FloatBuffer blockFloats = block.asFloatBuffer();
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private float[] values = new float[0];

    /** Bytes for the coded form of a frame, from index 0 on. */
    ByteBuffer plain(int bytes) {
        if (plain.capacity() < bytes) {
            plain = ByteBuffer.allocate(bytes);
        }
        return plain.clear();
    }

    float[] values(int count) {
        if (values.length < count) {
            values = new float[count];
        }
        return values;
    }

    /** The floats of a frame. */
    float[] load(RegionView source, long offset, int bytes) {
        float[] loaded = values(bytes / Float.BYTES);
        for (int done = 0; done < bytes; ) {
            int length = Math.min(BLOCK_BYTES, bytes - done);
            source.copyTo(offset + done, block.clear(), length);
            blockFloats.clear().get(loaded, done / Float.BYTES, length / Float.BYTES);
            done += length;
        }
        return loaded;
    }

    /** Puts the first values into their place in a piece. */
    void store(RegionView target, long offset, int bytes) {
        for (int done = 0; done < bytes; ) {
            int length = Math.min(BLOCK_BYTES, bytes - done);
            blockFloats.clear().put(values, done / Float.BYTES, length / Float.BYTES);
            target.copyFrom(offset + done, block.clear().limit(length));
            done += length;
        }
    }

    /** Bytes held. */
    long bytes() {
        return BLOCK_BYTES + plain.capacity() + (long) Float.BYTES * values.length;
    }
}
