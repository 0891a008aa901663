package dev.tandem.deploy.load;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests so that a fixed number is on its way at any time: a new one leaves when an answer has come.
 *
 * <p>Requests are made and answers handled by the calling thread alone; only the time of an answer is taken where it
 * arrives.
 *
 * @param <R> an answer
 */
public final class ClosedLoop<R> {

    private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

    private final int inFlight;
    private final Duration answerDeadline;
    private final BlockingQueue<Answer<R>> answers = new LinkedBlockingQueue<>();

    /**
     * @param inFlight requests on their way at any time, at least 1
     * @param answerDeadline longest time without any answer
     */
    public ClosedLoop(int inFlight, Duration answerDeadline) {
        if (inFlight < 1) {
            throw new IllegalArgumentException("inFlight (" + inFlight + ") must be at least 1.");
        }
        this.inFlight = inFlight;
        this.answerDeadline = answerDeadline;
    }

    /** Takes an answer. */
    @FunctionalInterface
    public interface AnswerHandler<R> {
        /** Called once per request, in the order of the answers, which need not be that of the requests. */
        void onAnswer(int request, R answer);
    }

    /**
     * Sends {@code requests} requests and waits for all answers.
     *
     * @param send sends the request of that number, from 0
     * @param progress called several times a second while waiting, and after the last answer
     * @throws TimeoutException when no answer comes for {@code answerDeadline}
     * @throws CompletionException with the cause when a request fails; others may still be on their way
     */
    public LoadFigures run(
            int requests,
            IntFunction<CompletionStage<R>> send,
            AnswerHandler<R> handler,
            Consumer<LoadFigures> progress)
            throws TimeoutException, InterruptedException {
        LatencyRecorder recorder = new LatencyRecorder();
        long start = System.nanoTime();
        Pulse pulse = new Pulse(() -> progress.accept(recorder.figures(since(start))));
        int sent = 0;
        for (int answered = 0; answered < requests; answered++) {
            while (sent < requests && sent - answered < inFlight) {
                send(sent++, send);
            }
            Answer<R> answer = next(requests - answered, pulse);
            recorder.record(answer.nanos());
            handler.onAnswer(answer.request(), answer.valueOrThrow());
        }
        LoadFigures figures = recorder.figures(since(start));
        progress.accept(figures);
        return figures;
    }

    /**
     * Sends requests for that long and waits for all answers; only those in the measured time count.
     *
     * @param send sends the request of that number, from 0
     * @param progress called several times a second
     * @throws TimeoutException when no answer comes for {@code answerDeadline}
     * @throws CompletionException with the cause when a request fails; others may still be on their way
     */
    public LoadFigures runFor(MeasuringTime time, IntFunction<CompletionStage<R>> send, Consumer<LoadFigures> progress)
            throws TimeoutException, InterruptedException {
        long start = System.nanoTime();
        SteadyRecorder recorder = new SteadyRecorder(start, time);
        Pulse pulse = new Pulse(() -> progress.accept(recorder.figures()));
        send(
                () -> !recorder.isOver(System.nanoTime()),
                send,
                answer -> recorder.answer(answer.atNanos(), answer.nanos()),
                pulse);
        return recorder.figures();
    }

    /**
     * Sends requests as long as wanted and waits for all answers.
     *
     * @param wantsMore asked before a request leaves, by the calling thread
     * @param send sends the request of that number, from 0
     * @param onQuery told of each request when its answer came, in the order of the answers; meant to leave when it left
     * @param pulse beaten while waiting
     * @throws TimeoutException when no answer comes for {@code answerDeadline}
     * @throws CompletionException with the cause when a request fails; others may still be on their way
     */
    public void runWhile(
            BooleanSupplier wantsMore, IntFunction<CompletionStage<R>> send, Consumer<Query> onQuery, Pulse pulse)
            throws TimeoutException, InterruptedException {
        long start = System.nanoTime();
        send(wantsMore, send, answer -> onQuery.accept(answer.since(start)), pulse);
    }

    private void send(
            BooleanSupplier wantsMore, IntFunction<CompletionStage<R>> send, Consumer<Answer<R>> onAnswer, Pulse pulse)
            throws TimeoutException, InterruptedException {
        int sent = 0;
        for (int answered = 0; answered < sent || wantsMore.getAsBoolean(); answered++) {
            while (sent - answered < inFlight && wantsMore.getAsBoolean()) {
                send(sent++, send);
            }
            if (answered == sent) {
                break;
            }
            Answer<R> answer = next(sent - answered, pulse);
            var unused = answer.valueOrThrow();
            onAnswer.accept(answer);
        }
    }

    private void send(int request, IntFunction<CompletionStage<R>> send) {
        long start = System.nanoTime();
        var unused = send.apply(request)
                .whenComplete((value, failure) ->
                        answers.add(new Answer<>(request, start, System.nanoTime(), value, failure)));
    }

    private Answer<R> next(int open, Pulse pulse) throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + answerDeadline.toNanos();
        pulse.beat();
        while (true) {
            Answer<R> answer = answers.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() >= deadline) {
                throw new TimeoutException("no answer for " + answerDeadline.toSeconds() + " s; " + open
                        + " requests are without one. Maybe a node is overloaded or lost: see its log.");
            }
            pulse.beat();
        }
    }

    private static long since(long start) {
        return System.nanoTime() - start;
    }

    private record Answer<R>(
            int request, long sentNanos, long atNanos, @Nullable R value, @Nullable Throwable failure) {
        long nanos() {
            return atNanos - sentNanos;
        }

        Query since(long startNanos) {
            long left = sentNanos - startNanos;
            return new Query(request, left, left, atNanos - startNanos, Query.Outcome.ANSWERED);
        }

        R valueOrThrow() {
            if (value == null) {
                throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
            }
            return value;
        }
    }
}
