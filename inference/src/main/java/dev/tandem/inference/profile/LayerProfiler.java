package dev.tandem.inference.profile;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.inference.onnx.GeneratedInputs;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.RuntimeSessions;
import dev.tandem.inference.runtime.InferenceException;
import dev.tandem.inference.runtime.NativeSessions;
import dev.tandem.inference.runtime.SessionSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the layers of a model from profiled runs of the whole fused model: single-layer sessions would over-predict,
 * as they lose fusion and warm caches. Runs on the calling thread, which should be one of the core group measured.
 *
 * @param settings how the model is opened
 * @param warmUps runs before the first that counts
 * @param repetitions runs behind each median, at least 1
 */
public record LayerProfiler(SessionSettings settings, int warmUps, int repetitions) {
    private static final long SEED = 1;

    public LayerProfiler {
        if (warmUps < 0 || repetitions < 1) {
            throw new IllegalArgumentException(
                    "repetitions " + repetitions + " must be at least 1, warm-ups " + warmUps + " at least 0");
        }
    }

    /** With the default settings but for the threads. */
    public LayerProfiler(int threads, int warmUps, int repetitions) {
        this(SessionSettings.defaults().withThreads(threads), warmUps, repetitions);
    }

    /**
     * Profiles a complete package.
     *
     * @throws InferenceException when the runtime fails
     */
    public LayerProfile profile(ModelPackage model) {
        try (GeneratedInputs inputs = GeneratedInputs.of(model.graph().inputs(), SEED)) {
            double whole = wholeSeconds(model, inputs);
            Map<String, Double> kernels = kernelSeconds(model, inputs);
            KernelAttribution attribution = new KernelAttribution(model.graph());
            double[] seconds = attribution.secondsPerLayer(kernels);
            double sum = Arrays.stream(seconds).sum();
            List<Double> scaled = Arrays.stream(seconds)
                    .map(layer -> sum > 0 ? layer * whole / sum : whole / seconds.length)
                    .boxed()
                    .toList();
            String version = RuntimeSessions.environment().getVersion();
            LayerTimes times = new LayerTimes(model.digest(), scaled);
            List<Integer> owners =
                    Arrays.stream(attribution.ownerPerLayer(kernels)).boxed().toList();
            return new LayerProfile(times, owners, whole, sum / whole, settings.threads(), repetitions, version);
        } catch (OrtException e) {
            throw new InferenceException(
                    "profiling of model " + model.graph().name() + " failed: " + e.getMessage(), e);
        }
    }

    private double wholeSeconds(ModelPackage model, GeneratedInputs inputs) throws OrtException {
        try (OrtSession session = NativeSessions.open(model.skeleton(), settings)) {
            run(session, inputs, warmUps);
            double[] seconds = new double[repetitions];
            for (int repetition = 0; repetition < repetitions; repetition++) {
                long begin = System.nanoTime();
                run(session, inputs, 1);
                seconds[repetition] = (System.nanoTime() - begin) / 1e9;
            }
            Arrays.sort(seconds);
            return seconds[repetitions / 2];
        }
    }

    /** Seconds of each kernel, in the order in which they run. */
    private Map<String, Double> kernelSeconds(ModelPackage model, GeneratedInputs inputs) throws OrtException {
        try {
            Path prefix = Files.createTempDirectory("tandem-profile");
            List<KernelEvent> events = List.of();
            try {
                events = KernelEvent.read(profiledRuns(model, inputs, prefix.resolve("run")));
            } finally {
                delete(prefix);
            }
            return middleMeans(events.subList(events.size() / (warmUps + repetitions) * warmUps, events.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write or read a profile", e);
        }
    }

    private Path profiledRuns(ModelPackage model, GeneratedInputs inputs, Path prefix) throws OrtException {
        try (OrtSession session = NativeSessions.open(model.skeleton(), settings.withProfileOutput(prefix))) {
            run(session, inputs, warmUps + repetitions);
            return Path.of(session.endProfiling());
        }
    }

    /** Means of the middle half: a median of whole microseconds would be too coarse for small kernels. */
    private static Map<String, Double> middleMeans(List<KernelEvent> events) {
        Map<String, List<Long>> micros = new LinkedHashMap<>();
        for (KernelEvent event : events) {
            micros.computeIfAbsent(event.kernel(), kernel -> new ArrayList<>()).add(event.micros());
        }
        Map<String, Double> means = new LinkedHashMap<>();
        micros.forEach((kernel, all) -> means.put(
                kernel,
                all.stream()
                                .sorted()
                                .skip(all.size() / 4)
                                .limit(all.size() - 2 * (all.size() / 4))
                                .mapToLong(Long::longValue)
                                .average()
                                .orElseThrow()
                        / 1e6));
        return means;
    }

    private static void run(OrtSession session, GeneratedInputs inputs, int times) throws OrtException {
        for (int run = 0; run < times; run++) {
            try (Result result = session.run(inputs.tensors())) {
                assert result.size() > 0;
            }
        }
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
