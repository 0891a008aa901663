package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.load.Arrivals;
import dev.tandem.deploy.load.OpenLoop.Failure;
import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.TimedSender;
import dev.tandem.deploy.tensor.TensorValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * Requests to a model at fixed intervals, whatever becomes of those before, on a thread of its own. Each answer is compared with
 * the unsplit model's; a request that fails is noted, and the load goes on.
 */
final class WatchedLoad {

    private static final double NANOS = 1e9;

    private static final Duration SLACK = Duration.ofSeconds(5);

    private record Outcome(String failure, double error) {}

    private final Asked asked;
    private final AskedModel model;
    private final Duration deadline;
    private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private volatile boolean isOver;
    private final CompletableFuture<Long> begun = new CompletableFuture<>();
    private final CompletableFuture<List<Answer>> over = new CompletableFuture<>();

    private WatchedLoad(Asked asked, AskedModel model, Duration deadline) {
        this.asked = asked;
        this.model = model;
        this.deadline = deadline;
    }

    /**
     * Begins at once.
     *
     * @param deadline of a request; one that is lost is told as failed then
     */
    static WatchedLoad start(Asked asked, AskedModel model, double perSecond, Duration length, Duration deadline) {
        WatchedLoad load = new WatchedLoad(asked, model, deadline);
        Thread thread = new Thread(() -> load.run(perSecond, length), "watched-load");
        thread.setDaemon(true);
        thread.start();
        return load;
    }

    /** No more requests leave; those under way are awaited as others are. */
    void end() {
        isOver = true;
    }

    /** When it began, by {@link System#nanoTime()}. */
    long beginNanos() throws InterruptedException, ExecutionException {
        return begun.get();
    }

    /** Waits until the last request has been answered or has failed; what became of all, in the order of their ends. */
    List<Answer> await() throws InterruptedException, ExecutionException {
        return over.get();
    }

    private void run(double perSecond, Duration length) {
        Arrivals arrivals = new Arrivals(Arrivals.Pattern.CONSTANT, perSecond, 1);
        PrimitiveIterator.OfLong schedule = LongStream.iterate(
                        arrivals.nextNanos(),
                        nanos -> !isOver && nanos < length.toNanos(),
                        nanos -> arrivals.nextNanos())
                .iterator();
        begun.complete(System.nanoTime());
        try {
            new TimedSender(failure -> Failure.FATAL, deadline.plus(deadline).plus(SLACK))
                    .run(schedule, this::send, new Notes());
            over.complete(answers);
        } catch (TimeoutException | RuntimeException e) {
            over.completeExceptionally(e);
        } catch (InterruptedException e) {
            over.completeExceptionally(e);
            Thread.currentThread().interrupt();
        }
    }

    /** Never fails itself. */
    private CompletionStage<Boolean> send(int request) {
        return asked.infer(model.input(request), deadline)
                .handle((outputs, failure) -> note(request, outputs, failure));
    }

    private boolean note(int request, Map<String, TensorValue> outputs, Throwable failure) {
        outcomes.put(
                request,
                failure == null
                        ? new Outcome("", model.error(request, outputs))
                        : new Outcome(String.valueOf(failure.getMessage()), 0));
        return true;
    }

    private final class Notes implements TimedSender.Watch {

        @Override
        public void onQuery(Query query) {
            Outcome outcome = outcomes.remove(query.number());
            answers.add(new Answer(
                    query.scheduledNanos() / NANOS,
                    query.completedNanos() / NANOS,
                    outcome.failure(),
                    outcome.error()));
        }

        @Override
        public void onTick() {}
    }
}
