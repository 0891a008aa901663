package dev.tandem.deploy.load;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at set times, whether or not earlier ones have been answered, and counts each latency from the time at
 * which the request was meant to leave. A server that stalls is thus charged with all the requests that it held up, also
 * those that left late (what is known as coordinated omission).
 *
 * <p>Requests are made by the calling thread alone; the time of an answer is taken where it arrives.
 */
public final class OpenLoop {

    private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;

    private final Arrivals arrivals;
    private final Function<Throwable, Failure> judge;
    private final Duration answerDeadline;

    /** What a failed request means. */
    public enum Failure {
        /** The server said at once that it has too much to do. */
        REFUSED,
        /** There was no answer by the deadline. */
        LATE,
        /** Something is wrong; the run ends. */
        FATAL
    }

    /**
     * @param judge says of the failure of a request what it means
     * @param answerDeadline longest time without any answer, once all requests have left
     */
    public OpenLoop(Arrivals arrivals, Function<Throwable, Failure> judge, Duration answerDeadline) {
        this.arrivals = arrivals;
        this.judge = judge;
        this.answerDeadline = answerDeadline;
    }

    /**
     * Sends requests for that long and waits for all answers.
     *
     * @param send sends the request of that number, from 0
     * @param progress called several times a second
     * @throws TimeoutException when the last answers do not come
     * @throws CompletionException with the cause when a request fails fatally
     */
    public OpenLoopFigures run(
            MeasuringTime time, IntFunction<? extends CompletionStage<?>> send, Consumer<LoadFigures> progress)
            throws TimeoutException, InterruptedException {
        Run run = new Run(time, send, progress);
        run.sendAll();
        run.awaitAll();
        return run.figures();
    }

    private record Answer(long intendedNanos, long atNanos, @Nullable Throwable failure) {}

    private final class Run {
        private final MeasuringTime time;
        private final IntFunction<? extends CompletionStage<?>> send;
        private final Pulse pulse;
        private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        private final LatencyRecorder recorder = new LatencyRecorder();
        private final long start = System.nanoTime();
        private final long end;
        private int sent;
        private int answered;
        private long measured;
        private long refused;
        private long late;
        private long inTime;
        private long largestSendDelay;

        Run(MeasuringTime time, IntFunction<? extends CompletionStage<?>> send, Consumer<LoadFigures> progress) {
            this.time = time;
            this.send = send;
            this.pulse = new Pulse(progress, () -> figures().load());
            this.end = start + time.totalNanos();
        }

        void sendAll() throws InterruptedException {
            for (long next = start + arrivals.nextNanos(); next < end; next = start + arrivals.nextNanos()) {
                waitUntil(next);
                sendAt(next);
            }
        }

        void awaitAll() throws TimeoutException, InterruptedException {
            long lastAnswer = System.nanoTime();
            while (answered < sent) {
                if (take(TICK_NANOS)) {
                    lastAnswer = System.nanoTime();
                } else if (System.nanoTime() - lastAnswer > answerDeadline.toNanos()) {
                    throw new TimeoutException("no answer for " + answerDeadline.toSeconds() + " s; "
                            + (sent - answered)
                            + " requests are without one. Maybe a node is overloaded or lost: see its log.");
                }
                pulse.beat();
            }
        }

        private void waitUntil(long nanos) throws InterruptedException {
            for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
                take(Math.min(left, TICK_NANOS));
                pulse.beat();
            }
        }

        private void sendAt(long intended) {
            if (counts(intended)) {
                measured++;
                largestSendDelay = Math.max(largestSendDelay, System.nanoTime() - intended);
            }
            var unused = send.apply(sent++)
                    .whenComplete((value, failure) -> answers.add(new Answer(intended, System.nanoTime(), failure)));
        }

        private boolean take(long timeoutNanos) throws InterruptedException {
            Answer answer = answers.poll(timeoutNanos, TimeUnit.NANOSECONDS);
            if (answer == null) {
                return false;
            }
            answered++;
            take(answer);
            return true;
        }

        private void take(Answer answer) {
            boolean counts = counts(answer.intendedNanos());
            if (answer.failure() != null && !isExpected(answer.failure(), counts)) {
                throw answer.failure() instanceof CompletionException wrapped
                        ? wrapped
                        : new CompletionException(answer.failure());
            }
            boolean isRefused = answer.failure() != null && judge.apply(answer.failure()) == Failure.REFUSED;
            if (counts && !isRefused) {
                recorder.record(answer.atNanos() - answer.intendedNanos());
            }
            if (answer.failure() == null && answer.atNanos() >= start + time.warmUpNanos() && answer.atNanos() < end) {
                inTime++;
            }
        }

        /** Whether a failure may happen under load; it is counted then. */
        private boolean isExpected(Throwable thrown, boolean counts) {
            Failure failure = judge.apply(thrown);
            refused += counts && failure == Failure.REFUSED ? 1 : 0;
            late += counts && failure == Failure.LATE ? 1 : 0;
            return failure != Failure.FATAL;
        }

        private boolean counts(long intendedNanos) {
            return intendedNanos >= start + time.warmUpNanos();
        }

        OpenLoopFigures figures() {
            long until = Math.min(System.nanoTime(), end);
            long elapsed = Math.max(0, until - start - time.warmUpNanos());
            double perSecond = elapsed > 0 ? inTime / (elapsed / NANOS_PER_SECOND) : 0;
            LoadFigures load = recorder.figures(elapsed).withThroughput(perSecond);
            return new OpenLoopFigures(load, measured, refused, late, largestSendDelay / NANOS_PER_SECOND);
        }
    }
}
