package dev.tandem.inference.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Floats as bytes with an affine range for each group of {@link ChannelGroups}, little-endian:
 *
 * <pre>
 *   of each group  f32 low, f32 step
 *   of each value  u8 q                value = low + step * q
 * </pre>
 *
 * <p>{@code low} is the least value of the group, which so arrives exactly (after a ReLU that is zero), and {@code step} a
 * 255th of its range, 0 where all values are equal. A value is off by half a step at most, apart from rounding to a float.
 */
final class ChannelRanges {

    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int RANGE_BYTES = 2 * Float.BYTES;
    private static final int STEPS = 255;
    private static final int UNSIGNED = 0xff;

    private ChannelRanges() {}

    static int bytes(ChannelGroups groups) {
        return groups.count() * RANGE_BYTES + groups.elements();
    }

    /** Whether it can be done: all values and ranges must be finite, and a step no smaller than floats are exact. */
    static boolean write(float[] values, ChannelGroups groups, byte[] target) {
        int range = 0;
        int codes = groups.count() * RANGE_BYTES;
        for (int start = 0; start < groups.elements(); range += RANGE_BYTES) {
            int end = groups.end(start);
            if (!writeGroup(values, start, end, target, range, codes)) {
                return false;
            }
            start = end;
        }
        return true;
    }

    private static boolean writeGroup(float[] values, int start, int end, byte[] target, int range, int codes) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        float finite = 0;
        // Comparisons pass NaN over; nothing but finite values times zero adds up to zero.
        for (int index = start; index < end; index++) {
            float value = values[index];
            low = value < low ? value : low;
            high = value > high ? value : high;
            finite += 0 * value;
        }
        float step = (high - low) / STEPS;
        if (finite != 0 || !Float.isFinite(step) || (step < Float.MIN_NORMAL && low != high)) {
            return false;
        }
        FLOATS.set(target, range, low);
        FLOATS.set(target, range + Float.BYTES, step);
        float perStep = step == 0 ? 0 : 1 / step;
        for (int index = start; index < end; index++) {
            target[codes + index] = (byte) (int) ((values[index] - low) * perStep + 0.5f);
        }
        return true;
    }

    /** @throws CodecException when a range is none */
    static void read(byte[] source, int from, ChannelGroups groups, float[] values) {
        int range = from;
        int codes = from + groups.count() * RANGE_BYTES;
        for (int start = 0; start < groups.elements(); range += RANGE_BYTES) {
            int end = groups.end(start);
            float low = (float) FLOATS.get(source, range);
            float step = (float) FLOATS.get(source, range + Float.BYTES);
            if (!Float.isFinite(low) || !(step >= 0 && Float.isFinite(step))) {
                throw new CodecException("range of int8 values from " + low + " in steps of " + step
                        + " must be finite, with steps of at least 0");
            }
            for (int index = start; index < end; index++) {
                values[index] = low + step * (source[codes + index] & UNSIGNED);
            }
            start = end;
        }
    }
}
