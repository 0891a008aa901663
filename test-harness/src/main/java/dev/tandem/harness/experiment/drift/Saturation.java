package dev.tandem.harness.experiment.drift;

import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.survival.AskedModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests without a pause, so many on their way at any time, until it is closed; each answer is compared with the unsplit
 * model's. Thread-safe.
 */
final class Saturation implements AutoCloseable {

    private static final int IN_FLIGHT = 24;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final double NANOS = 1e9;

    /** A request that failed is followed by another one only after this time. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    /** @param atSeconds when its answer came, since the beginning */
    private record Done(double atSeconds, double latencySeconds) {}

    private final ServedModel served;
    private final AskedModel model;
    private final long beginNanos = System.nanoTime();
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(IN_FLIGHT);
    private volatile boolean isOver;

    private Saturation(ServedModel served, AskedModel model) {
        this.served = served;
        this.model = model;
    }

    static Saturation begin(ServedModel served, AskedModel model) {
        Saturation load = new Saturation(served, model);
        for (int chain = 0; chain < IN_FLIGHT; chain++) {
            load.send();
        }
        return load;
    }

    private void send() {
        if (isOver) {
            open.countDown();
            return;
        }
        int number = numbers.getAndIncrement();
        long sent = System.nanoTime();
        var unused = served.infer(model.input(number), DEADLINE).whenComplete((outputs, failure) -> {
            if (failure != null) {
                failures.add(String.valueOf(failure.getMessage()));
                LATER.execute(this::send);
            } else {
                note(sent, model.error(number, outputs));
                send();
            }
        });
    }

    private void note(long sentNanos, double error) {
        if (error > AskedModel.TOLERANCE) {
            failures.add("an answer differs from the unsplit model's by " + error);
        }
        long now = System.nanoTime();
        done.add(new Done((now - beginNanos) / NANOS, (now - sentNanos) / NANOS));
    }

    /** Since the beginning. */
    double seconds() {
        return (System.nanoTime() - beginNanos) / NANOS;
    }

    /** Waits until so many seconds after the beginning. */
    void await(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) ((seconds - seconds()) * NANOS));
    }

    /** Answers per second between two times since the beginning. */
    double perSecond(double from, double to) {
        return done.stream()
                        .filter(answer -> answer.atSeconds() >= from && answer.atSeconds() < to)
                        .count()
                / (to - from);
    }

    /** Latency of the slowest answer between two times since the beginning; seconds. */
    double slowest(double from, double to) {
        return done.stream()
                .filter(answer -> answer.atSeconds() >= from && answer.atSeconds() < to)
                .mapToDouble(Done::latencySeconds)
                .max()
                .orElse(0);
    }

    /** What went wrong, one entry each. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets the last requests be answered. */
    @Override
    public void close() {
        isOver = true;
        try {
            if (!open.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                failures.add("requests were not answered within " + DEADLINE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
