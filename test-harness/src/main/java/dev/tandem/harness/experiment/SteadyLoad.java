package dev.tandem.harness.experiment;

import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Requests to a model without a pause until it is told to end; a request that fails is counted, and the load goes on. */
final class SteadyLoad {

    private static final int BATCH = 100;
    private static final long SEED = 2026;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ServedModel served;
    private final Map<String, TensorValue> sample;
    private final ClosedLoop<String> loop;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<String> failures = new ArrayList<>();
    private final CompletableFuture<Figures> figures;

    /**
     * What came of it.
     *
     * @param seconds from the first request to the last answer
     * @param longestSeconds of one request
     * @param failures why requests failed, one entry each
     */
    record Figures(long requests, double seconds, double perSecond, double longestSeconds, List<String> failures) {
        Figures {
            failures = List.copyOf(failures);
        }
    }

    private SteadyLoad(ServedModel served, int inFlight) {
        this.served = served;
        this.sample = new SampleInputs(served.graph().inputs(), SEED).sample(0);
        this.loop = new ClosedLoop<>(inFlight, DEADLINE);
        this.figures = new CompletableFuture<>();
    }

    /** Begins in a thread of its own. */
    static SteadyLoad start(ServedModel served, int inFlight) {
        SteadyLoad load = new SteadyLoad(served, inFlight);
        Thread thread = new Thread(load::run, "load");
        thread.setDaemon(true);
        thread.start();
        return load;
    }

    /** Lets the last requests be answered; returns what came of all. */
    Figures end() throws InterruptedException, ExecutionException {
        isOver.set(true);
        return figures.get();
    }

    private void run() {
        try {
            figures.complete(ask());
        } catch (TimeoutException | RuntimeException e) {
            figures.completeExceptionally(e);
        } catch (InterruptedException e) {
            figures.completeExceptionally(e);
            Thread.currentThread().interrupt();
        }
    }

    private Figures ask() throws TimeoutException, InterruptedException {
        long start = System.nanoTime();
        long requests = 0;
        double longest = 0;
        while (!isOver.get()) {
            longest = Math.max(longest, batch());
            requests += BATCH;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Figures(requests, seconds, requests / seconds, longest, failures);
    }

    /** Returns the longest time of a request. */
    private double batch() throws TimeoutException, InterruptedException {
        return loop.run(
                        BATCH,
                        request -> served.infer(sample, DEADLINE)
                                .handle((outputs, failure) -> failure == null ? "" : String.valueOf(failure)),
                        (request, failure) -> {
                            if (!failure.isEmpty()) {
                                failures.add(failure);
                            }
                        },
                        progress -> {})
                .maxSeconds();
    }
}
