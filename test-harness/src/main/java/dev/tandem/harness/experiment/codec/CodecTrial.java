package dev.tandem.harness.experiment.codec;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.codec.FrameDecoder;
import dev.tandem.inference.codec.FrameEncoder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * What a codec makes of the feature maps of a model, in frames of 1 MiB, on one thread.
 *
 * @param ratio bytes on the wire per byte
 * @param encodeMegabytesPerSecond millions of the producer's bytes in a second of processor time
 * @param largestError of an element, as a share of its map's range; the worst of all maps
 * @param rmsError root of the summed squares of errors over that of values, of all maps
 */
public record CodecTrial(
        String model,
        String codec,
        int maps,
        long bytes,
        double ratio,
        double encodeMegabytesPerSecond,
        double decodeMegabytesPerSecond,
        double largestError,
        double rmsError) {

    private static final int FRAME_BYTES = 1 << 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOS = 1e9;
    private static final double MEGA = 1e6;

    /**
     * Codes all maps again and again for as long as this.
     *
     * @param seconds of processor time, as long before that to warm up
     */
    public static CodecTrial of(String model, Codec codec, List<RegionView> maps, double seconds) {
        Coder coder = new Coder(codec);
        coder.repeat(maps, seconds);
        coder.reset();
        coder.repeat(maps, seconds);
        Errors errors = new Errors();
        maps.forEach(map -> errors.add(map, coder.code(map)));
        return new CodecTrial(
                model,
                codec.toString(),
                maps.size(),
                maps.stream().mapToLong(RegionView::bytes).sum(),
                (double) coder.wireBytes / coder.bytes,
                coder.bytes / MEGA / (coder.encodeNanos / NANOS),
                coder.bytes / MEGA / (coder.decodeNanos / NANOS),
                errors.largest,
                errors.rms());
    }

    /** Codes maps there and back. */
    private static final class Coder {

        private final FrameEncoder encoder = new FrameEncoder();
        private final FrameDecoder decoder = new FrameDecoder();
        private final ByteBuffer wire = ByteBuffer.allocateDirect(2 * FRAME_BYTES);
        private final Codec codec;
        private long bytes;
        private long wireBytes;
        private long encodeNanos;
        private long decodeNanos;

        Coder(Codec codec) {
            this.codec = codec;
        }

        void reset() {
            bytes = 0;
            wireBytes = 0;
            encodeNanos = 0;
            decodeNanos = 0;
        }

        void repeat(List<RegionView> maps, double seconds) {
            long end = THREADS.getCurrentThreadCpuTime() + (long) (seconds * NANOS);
            while (THREADS.getCurrentThreadCpuTime() < end) {
                maps.forEach(this::code);
            }
        }

        RegionView code(RegionView map) {
            RegionView target = RegionView.whole(
                    ByteBuffer.allocateDirect((int) map.bytes()).order(ByteOrder.nativeOrder()),
                    map.tensor(),
                    map.viewed());
            for (long offset = 0; offset < map.bytes(); offset += FRAME_BYTES) {
                int length = (int) Math.min(FRAME_BYTES, map.bytes() - offset);
                long begin = THREADS.getCurrentThreadCpuTime();
                Codec written = encoder.encode(map, offset, length, codec, wire.clear());
                long encoded = THREADS.getCurrentThreadCpuTime();
                decode(written, target, offset, length);
                decodeNanos += THREADS.getCurrentThreadCpuTime() - encoded;
                encodeNanos += encoded - begin;
                bytes += length;
                wireBytes += wire.limit();
            }
            return target;
        }

        private void decode(Codec written, RegionView target, long offset, int length) {
            wire.flip();
            if (written == Codec.EXACT) {
                target.copyFrom(offset, wire.duplicate());
            } else {
                decoder.decode(wire, written, target, offset, length);
            }
        }
    }

    private static final class Errors {

        private double largest;
        private double errorSquares;
        private double squares;

        void add(RegionView before, RegionView after) {
            FloatBuffer expected = floats(before);
            FloatBuffer actual = floats(after);
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            double worst = 0;
            while (expected.hasRemaining()) {
                float value = expected.get();
                double error = Math.abs((double) value - actual.get());
                low = Math.min(low, value);
                high = Math.max(high, value);
                worst = Math.max(worst, error);
                errorSquares += error * error;
                squares += (double) value * value;
            }
            largest = high > low ? Math.max(largest, worst / ((double) high - low)) : largest;
        }

        double rms() {
            return squares == 0 ? 0 : Math.sqrt(errorSquares / squares);
        }

        private static FloatBuffer floats(RegionView map) {
            return map.buffer()
                    .duplicate()
                    .order(ByteOrder.nativeOrder())
                    .clear()
                    .asFloatBuffer();
        }
    }
}
