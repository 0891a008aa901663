package dev.tandem.harness.experiment;

import dev.tandem.core.variant.Shares;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.ImageInput;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.LabelledSet.Labelled;
import dev.tandem.harness.experiment.ServedVariants.Place;
import dev.tandem.harness.experiment.batch.VariantRate;
import dev.tandem.harness.experiment.emulated.Length;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.experiment.emulated.RequestLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks variants on nodes at the same time, each by a thread of its own. To be used by one thread; owns the others. */
final class BatchRun implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final long SEED = 1;
    private static final int LEAST_ANSWERS = 10;
    private static final double MOST_SECONDS = 60;
    private static final double NANOS = 1e9;

    private final ServedVariants served;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    BatchRun(ServedVariants served) {
        this.served = served;
    }

    /** How a batch went. */
    record Done(double seconds, int correct) {}

    /** Images per second of every variant on every node, all nodes asked for the same one at once. */
    List<VariantRate> rates(String bed, int round, double seconds) throws TimeoutException, InterruptedException {
        Length length = new Length(LEAST_ANSWERS, seconds, Math.max(seconds, MOST_SECONDS));
        List<VariantRate> rates = new ArrayList<>();
        for (String variant : MobileNetFamily.VARIANTS) {
            List<Callable<VariantRate>> streams = new ArrayList<>();
            for (String node : served.nodes()) {
                ServedModel model = served.at(new Place(node, variant));
                streams.add(() -> new VariantRate(
                        bed,
                        round,
                        node,
                        variant,
                        new RequestLoad(model, SEED)
                                .rate(PlanTrial.MOST_IN_FLIGHT, length)
                                .perSecond()));
            }
            rates.addAll(together(streams));
        }
        return rates;
    }

    /** The pictures as the inputs of every variant, in their order. */
    Map<String, List<TensorValue>> inputs(List<Labelled> pictures) {
        Map<String, List<TensorValue>> inputs = new HashMap<>();
        for (String variant : MobileNetFamily.VARIANTS) {
            Place anywhere = new Place(served.nodes().get(0), variant);
            ImageInput input =
                    MobileNetFamily.input(served.at(anywhere).graph().inputs().get(0));
            inputs.put(
                    variant,
                    pictures.stream()
                            .map(picture -> input.read(picture.picture()))
                            .toList());
        }
        return inputs;
    }

    /** Classifies a batch: the first lane takes the first images, and so on; all lanes start at once. */
    Done classify(Shares shares, List<Labelled> pictures, Map<String, List<TensorValue>> inputs)
            throws TimeoutException, InterruptedException {
        List<Callable<Integer>> lanes = new ArrayList<>();
        int from = 0;
        for (Shares.Lane lane : shares.lanes()) {
            int to = from + lane.images();
            List<TensorValue> mine =
                    Objects.requireNonNull(inputs.get(lane.variant())).subList(from, to);
            List<Labelled> shown = pictures.subList(from, to);
            lanes.add(() -> correct(served.at(Place.of(lane)), mine, shown));
            from = to;
        }
        long start = System.nanoTime();
        int correct = together(lanes).stream().mapToInt(Integer::intValue).sum();
        return new Done((System.nanoTime() - start) / NANOS, correct);
    }

    private static int correct(ServedModel model, List<TensorValue> inputs, List<Labelled> pictures)
            throws TimeoutException, InterruptedException {
        AtomicInteger correct = new AtomicInteger();
        var unused = new ClosedLoop<Map<String, TensorValue>>(PlanTrial.MOST_IN_FLIGHT, DEADLINE)
                .run(
                        inputs.size(),
                        image -> model.infer(MobileNetFamily.named(inputs.get(image)), DEADLINE),
                        (image, outputs) ->
                                correct.addAndGet(MobileNetFamily.isCorrect(pictures.get(image), outputs) ? 1 : 0),
                        figures -> {});
        return correct.get();
    }

    private <T> List<T> together(List<Callable<T>> tasks) throws TimeoutException, InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> result : threads.invokeAll(tasks)) {
            try {
                results.add(result.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TimeoutException late) {
                    throw late;
                }
                throw new IllegalStateException("a variant could not be asked: " + e.getCause(), e.getCause());
            }
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
