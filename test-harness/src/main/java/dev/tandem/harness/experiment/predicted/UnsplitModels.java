package dev.tandem.harness.experiment.predicted;

import dev.tandem.core.cost.Profile;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.ModelProfiler;
import dev.tandem.inference.profile.ProfileEffort;
import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The whole model, open on each of several core groups of one machine as their members would have it: how fast each is at a
 * moment. For one thread; owns threads and sessions.
 */
public final class UnsplitModels implements AutoCloseable {

    private static final int LEAST_RUNS = 2;

    private final List<Runner> runners = new ArrayList<>();

    private UnsplitModels() {}

    /** Opens the model on these core groups. */
    public static UnsplitModels open(
            ModelPackage model, List<CoreGroupSpec> groups, Function<CoreGroupSpec, SessionSettings> settings) {
        UnsplitModels models = new UnsplitModels();
        try {
            groups.forEach(group -> models.runners.add(new Runner(model, group, settings.apply(group))));
            return models;
        } catch (RuntimeException e) {
            models.close();
            throw e;
        }
    }

    /** Measures the model on the first core group. */
    public Profile profile(ModelPackage model, ProfileEffort effort) {
        Runner first = runners.get(0);
        return first.thread
                .submit(() -> new ModelProfiler(model, first.settings, effort, (done, all, what) -> {})
                        .measure()
                        .profile())
                .join();
    }

    /** Median seconds of a run on each core group, one after the other, within so many seconds altogether. */
    public List<Double> alone(double budgetSeconds) {
        return runners.stream()
                .map(runner -> runner.runSeconds(budgetSeconds / runners.size()).join())
                .toList();
    }

    /** Median seconds of a run on each core group while all run. */
    public List<Double> together(double budgetSeconds) {
        List<CompletableFuture<Double>> all =
                runners.stream().map(runner -> runner.runSeconds(budgetSeconds)).toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        runners.forEach(Runner::close);
    }

    private static final class Runner implements AutoCloseable {
        private final SessionSettings settings;
        private final CoreGroupExecutor thread;
        private final ModelSession session;
        private final Map<String, TensorBuffer> inputs = new HashMap<>();
        private final Map<String, TensorBuffer> outputs = new HashMap<>();

        Runner(ModelPackage model, CoreGroupSpec group, SessionSettings settings) {
            this.settings = settings;
            this.thread = new CoreGroupExecutor(group);
            this.session = open(model, settings);
            session.inputs().forEach(input -> inputs.put(input.name(), TensorBuffer.allocate(input)));
            session.outputs().forEach(output -> outputs.put(output.name(), TensorBuffer.allocate(output)));
        }

        private ModelSession open(ModelPackage model, SessionSettings how) {
            try {
                return thread.submit(() -> ModelSession.open(model.skeleton(), how))
                        .join();
            } catch (RuntimeException e) {
                thread.close();
                throw e;
            }
        }

        /** The first run finds cold caches and does not count. */
        CompletableFuture<Double> runSeconds(double budgetSeconds) {
            return thread.submit(() -> {
                session.run(inputs, outputs);
                List<Double> seconds = new ArrayList<>();
                long begin = System.nanoTime();
                while (seconds.size() < LEAST_RUNS || System.nanoTime() - begin < budgetSeconds * 1e9) {
                    long start = System.nanoTime();
                    session.run(inputs, outputs);
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
                double[] sorted = seconds.stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                        .average()
                        .orElseThrow();
            });
        }

        @Override
        public void close() {
            thread.submit(() -> {
                        session.close();
                        return true;
                    })
                    .join();
            thread.close();
            inputs.values().forEach(TensorBuffer::close);
            outputs.values().forEach(TensorBuffer::close);
        }
    }
}
