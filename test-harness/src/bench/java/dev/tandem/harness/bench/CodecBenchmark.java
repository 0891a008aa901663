package dev.tandem.harness.bench;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.harness.experiment.codec.FeatureMaps;
import dev.tandem.inference.codec.FrameDecoder;
import dev.tandem.inference.codec.FrameEncoder;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What codecs take of a core for feature maps, in frames of 1 MiB from native memory into native memory and back: those of
 * the float MobileNetV2 in the folder that the environment variable TANDEM_TEST_DATA names, or of a built-in one, whose
 * weights are made up. The input is smooth noise.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class CodecBenchmark {

    private static final int FRAME_BYTES = 1 << 20;
    private static final int CUTS = 6;
    private static final double MEGA = 1e6;
    private static final String REAL = "models/imagenet/mobilenet_v2_1.00_224_fp32.onnx";

    /** Feature maps, and what a codec makes of them. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Maps {

        @Param
        public Codec codec = Codec.EXACT;

        private final FrameEncoder encoder = new FrameEncoder();
        private final FrameDecoder decoder = new FrameDecoder();
        private final List<Frame> frames = new ArrayList<>();

        @Setup
        public void run() throws IOException {
            Path folder = Files.createTempDirectory("tandem-bench");
            for (RegionView map : FeatureMaps.of(model(folder), List.of(input()), CUTS)) {
                for (long offset = 0; offset < map.bytes(); offset += FRAME_BYTES) {
                    int length = (int) Math.min(FRAME_BYTES, map.bytes() - offset);
                    ByteBuffer wire = ByteBuffer.allocateDirect(2 * FRAME_BYTES);
                    Codec written = encoder.encode(map, offset, length, codec, wire);
                    frames.add(new Frame(map, empty(map), offset, length, wire.flip(), written));
                }
            }
        }

        @TearDown(Level.Trial)
        public void printRatio() {
            long bytes = frames.stream().mapToLong(Frame::bytes).sum();
            long wire = frames.stream().mapToLong(frame -> frame.wire().limit()).sum();
            System.out.printf(
                    Locale.ROOT, "%n%s: %d bytes in %d, ratio %.3f%n", codec, bytes, wire, (double) wire / bytes);
        }

        private static ModelPackage model(Path folder) throws IOException {
            String data = System.getenv("TANDEM_TEST_DATA");
            Path file = data == null
                    ? ZooModel.named("mobilenet-v2")
                            .orElseThrow()
                            .write(folder.resolve("model.onnx"), ZooOptions.defaults())
                            .file()
                    : Path.of(data).resolve(REAL);
            return ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("folded"));
        }

        private static ByteBuffer input() {
            Random random = new Random(1);
            ByteBuffer input = ByteBuffer.allocate(3 * 224 * 224 * Float.BYTES).order(ByteOrder.nativeOrder());
            double value = 0;
            while (input.hasRemaining()) {
                value = 0.95 * value + 0.2 * random.nextGaussian();
                input.putFloat((float) value);
            }
            return input.flip();
        }

        private static RegionView empty(RegionView map) {
            return RegionView.whole(ByteBuffer.allocateDirect((int) map.bytes()), map.tensor(), Region.WHOLE);
        }
    }

    private record Frame(
            RegionView source, RegionView target, long offset, int bytes, ByteBuffer wire, Codec written) {}

    /** Millions of the producer's bytes. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Counted {
        public double megabytes;
    }

    @Benchmark
    public void encode(Maps maps, Counted counted) {
        for (Frame frame : maps.frames) {
            maps.encoder.encode(frame.source, frame.offset, frame.bytes, maps.codec, frame.wire.clear());
            frame.wire.flip();
            counted.megabytes += frame.bytes / MEGA;
        }
    }

    @Benchmark
    public void decode(Maps maps, Counted counted) {
        for (Frame frame : maps.frames) {
            if (frame.written == Codec.EXACT) {
                frame.target.copyFrom(frame.offset, frame.wire.duplicate());
            } else {
                maps.decoder.decode(frame.wire, frame.written, frame.target, frame.offset, frame.bytes);
            }
            counted.megabytes += frame.bytes / MEGA;
        }
    }
}
