package dev.tandem.inference.codec;

import ai.onnxruntime.platform.Fp16Conversions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Floats as IEEE 754 binary16, little-endian, rounded to the nearest. */
final class Halves {

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAGNITUDE = 0x7fff;
    private static final int INFINITE = 0x7c00;

    private Halves() {}

    static int bytes(int elements) {
        return Short.BYTES * elements;
    }

    /** Whether all values are in range: infinite ones and NaN are, finite ones that would become infinite are not. */
    static boolean write(float[] values, int count, byte[] target) {
        for (int index = 0; index < count; index++) {
            short half = Fp16Conversions.floatToFp16(values[index]);
            if ((half & MAGNITUDE) == INFINITE && !Float.isInfinite(values[index])) {
                return false;
            }
            SHORTS.set(target, Short.BYTES * index, half);
        }
        return true;
    }

    static void read(byte[] source, int start, int count, float[] values) {
        for (int index = 0; index < count; index++) {
            values[index] = Fp16Conversions.fp16ToFloat((short) SHORTS.get(source, start + Short.BYTES * index));
        }
    }
}
