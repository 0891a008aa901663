package dev.tandem.deploy.load;

import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * Sends requests at set times, whether or not earlier ones have been answered, and counts each latency from the time at
 * which the request was meant to leave. A server that stalls is thus charged with all the requests that it held up, also
 * those that left late (what is known as coordinated omission).
 *
 * <p>Requests are made by the calling thread alone; the time of an answer is taken where it arrives.
 */
public final class OpenLoop {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Arrivals arrivals;
    private final TimedSender sender;

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
        this.sender = new TimedSender(judge, answerDeadline);
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
        Run run = new Run(time, progress);
        sender.run(schedule(time.totalNanos()), send, run);
        return run.figures();
    }

    private PrimitiveIterator.OfLong schedule(long endNanos) {
        return LongStream.iterate(arrivals.nextNanos(), nanos -> nanos < endNanos, nanos -> arrivals.nextNanos())
                .iterator();
    }

    private static final class Run implements TimedSender.Watch {
        private final long warmUpNanos;
        private final long endNanos;
        private final Pulse pulse;
        private final LatencyRecorder recorder = new LatencyRecorder();
        private final long start = System.nanoTime();
        private long measured;
        private long refused;
        private long late;
        private long inTime;
        private long largestSendDelay;

        Run(MeasuringTime time, Consumer<LoadFigures> progress) {
            this.warmUpNanos = time.warmUpNanos();
            this.endNanos = time.totalNanos();
            this.pulse = new Pulse(() -> progress.accept(figures().load()));
        }

        @Override
        public void onQuery(Query query) {
            if (query.scheduledNanos() >= warmUpNanos) {
                count(query);
            }
            if (query.isAnswered() && query.completedNanos() >= warmUpNanos && query.completedNanos() < endNanos) {
                inTime++;
            }
        }

        @Override
        public void onTick() {
            pulse.beat();
        }

        /** Refused ones have no latency; that of late ones is at least their deadline. */
        private void count(Query query) {
            measured++;
            largestSendDelay = Math.max(largestSendDelay, query.issuedNanos() - query.scheduledNanos());
            switch (query.outcome()) {
                case REFUSED -> refused++;
                case LATE -> late++;
                case ANSWERED -> {}
            }
            if (query.outcome() != Query.Outcome.REFUSED) {
                recorder.record(query.latencyNanos());
            }
        }

        OpenLoopFigures figures() {
            long until = Math.min(System.nanoTime() - start, endNanos);
            long elapsed = Math.max(0, until - warmUpNanos);
            double perSecond = elapsed > 0 ? inTime / (elapsed / NANOS_PER_SECOND) : 0;
            LoadFigures load = recorder.figures(elapsed).withThroughput(perSecond);
            return new OpenLoopFigures(load, measured, refused, late, largestSendDelay / NANOS_PER_SECOND);
        }
    }
}
