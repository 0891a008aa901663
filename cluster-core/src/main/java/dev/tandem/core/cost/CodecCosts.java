package dev.tandem.core.cost;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.topology.Carrying;

/**
 * What a codec makes of a tensor's bytes and takes of a processor, both for each byte that the producer wrote.
 *
 * <p>The presets: ratios are geometric means over what crosses cuts of MobileNetV2, SqueezeNet, a MobileNetV1 for NEU and
 * ResNet-56, by {@code tandem experiment codecs}; with LZ4 they lay between 0.54 and 0.92 for floats as they are, 0.30 and 0.47
 * as binary16, 0.16 and 0.25 as bytes. Seconds are those of one core of the shared virtual x64 machine on which
 * {@link Carrying#PRESET} was measured, with JDK 17, for the maps of MobileNetV2: {@code CodecBenchmark} in test-harness.
 *
 * @param ratio bytes on the wire per byte; depends on the tensor where there is LZ4
 * @param encodeSecondsPerByte of one CPU where the piece leaves
 * @param decodeSecondsPerByte of one CPU where it arrives
 */
public record CodecCosts(double ratio, double encodeSecondsPerByte, double decodeSecondsPerByte) {

    private static final CodecCosts FREE = new CodecCosts(1, 0, 0);
    private static final CodecCosts FLOAT16 = new CodecCosts(0.5, 1.3e-9, 1.0e-9);
    private static final CodecCosts INT8 = new CodecCosts(0.255, 0.7e-9, 0.3e-9);
    private static final CodecCosts LZ4 = new CodecCosts(0.74, 1.2e-9, 0.3e-9);
    private static final CodecCosts FLOAT16_LZ4 = new CodecCosts(0.39, 2.1e-9, 1.1e-9);
    private static final CodecCosts INT8_LZ4 = new CodecCosts(0.21, 1.2e-9, 0.4e-9);

    public CodecCosts {
        if (!(ratio > 0 && Double.isFinite(ratio))) {
            throw new IllegalArgumentException("ratio (" + ratio + ") must be finite and above 0");
        }
        requireSeconds("encodeSecondsPerByte", encodeSecondsPerByte);
        requireSeconds("decodeSecondsPerByte", decodeSecondsPerByte);
    }

    /** Of 32-bit floats. */
    public static CodecCosts of(Codec codec) {
        return switch (codec) {
            case EXACT -> FREE;
            case FLOAT16 -> FLOAT16;
            case INT8 -> INT8;
            case LZ4 -> LZ4;
            case FLOAT16_LZ4 -> FLOAT16_LZ4;
            case INT8_LZ4 -> INT8_LZ4;
        };
    }

    /**
     * By how much longer than where this was measured coding takes on a processor: as carrying does. Nothing where that costs
     * nothing.
     */
    static double slowness(Carrying carrying) {
        return carrying.secondsPerByte() / Carrying.PRESET.secondsPerByte();
    }

    private static void requireSeconds(String name, double seconds) {
        if (!(seconds >= 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(name + " (" + seconds + ") must be finite and at least 0");
        }
    }
}
