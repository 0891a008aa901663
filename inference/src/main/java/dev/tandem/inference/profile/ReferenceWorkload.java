package dev.tandem.inference.profile;

import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import dev.tandem.inference.zoo.ZooReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A small built-in network by which core groups are compared: every core group runs the same one, so that the ratio of
 * two rates says how much longer one takes than the other.
 */
public final class ReferenceWorkload {

    private static final Duration WARM_UP = Duration.ofMillis(100);

    /**
     * As long as several periods of a CPU quota, in which the kernel runs a thread at full speed and then not at all: the
     * time of a single run would be that of an unlimited CPU.
     */
    private static final Duration WINDOW = Duration.ofMillis(80);

    /** So that what else the machine does meanwhile, such as starting up, spoils fewer than half. */
    private static final int WINDOWS = 5;

    private ReferenceWorkload() {}

    /**
     * Multiply-adds per second of the reference network, from the median of windows of many runs; takes about half a second. Call it
     * on the core group's own thread.
     */
    public static double multiplyAddsPerSecond(SessionSettings settings) {
        try {
            Path directory = Files.createTempDirectory("tandem-reference");
            try {
                ZooReport model =
                        ZooModel.TANDEM_MINI.write(directory.resolve("reference.onnx"), ZooOptions.defaults());
                return model.multiplyAdds() / medianSeconds(model.file(), settings);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the reference network cannot be written: " + e.getMessage(), e);
        }
    }

    private static double medianSeconds(Path model, SessionSettings settings) {
        Map<String, TensorBuffer> buffers = new HashMap<>();
        try (ModelSession session = ModelSession.open(model, settings)) {
            Map<String, TensorBuffer> inputs = new HashMap<>();
            Map<String, TensorBuffer> outputs = new HashMap<>();
            session.inputs().forEach(spec -> inputs.put(spec.name(), TensorBuffer.allocate(spec)));
            session.outputs().forEach(spec -> outputs.put(spec.name(), TensorBuffer.allocate(spec)));
            buffers.putAll(inputs);
            buffers.putAll(outputs);
            Runnable run = () -> session.run(inputs, outputs);
            meanSeconds(run, WARM_UP);
            return IntStream.range(0, WINDOWS)
                    .mapToDouble(window -> meanSeconds(run, WINDOW))
                    .sorted()
                    .skip(WINDOWS / 2)
                    .findFirst()
                    .orElseThrow();
        } finally {
            buffers.values().forEach(TensorBuffer::close);
        }
    }

    /** Runs at least once and until the time is over. */
    private static double meanSeconds(Runnable run, Duration span) {
        long start = System.nanoTime();
        long nanos;
        int runs = 0;
        do {
            run.run();
            runs++;
            nanos = System.nanoTime() - start;
        } while (nanos < span.toNanos());
        return nanos / 1e9 / runs;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
