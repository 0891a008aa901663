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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small built-in network by which core groups are compared: every core group runs the same one, so that the ratio of
 * two rates says how much longer one takes than the other.
 */
public final class ReferenceWorkload {

    private static final Duration WARM_UP = Duration.ofMillis(100);
    private static final Duration MEASURED = Duration.ofMillis(400);
    private static final int LEAST_RUNS = 5;

    private ReferenceWorkload() {}

    /**
     * Multiply-adds per second of the reference network, from the median of its runs; takes about half a second. Call it
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
            times(run, WARM_UP);
            List<Long> nanos = times(run, MEASURED);
            Collections.sort(nanos);
            return nanos.get(nanos.size() / 2) / 1e9;
        } finally {
            buffers.values().forEach(TensorBuffer::close);
        }
    }

    private static List<Long> times(Runnable run, Duration span) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + span.toNanos();
        while (nanos.size() < LEAST_RUNS || System.nanoTime() < end) {
            long start = System.nanoTime();
            run.run();
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
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
