package dev.tandem.deploy.load;

import dev.tandem.deploy.load.OpenLoop.Failure;
import dev.tandem.deploy.load.Query.Outcome;
import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends queries at set times, whether or not earlier ones have been answered, and tells of each when it is over. Queries
 * are made and told of by the calling thread alone; the time of an answer is taken where it arrives.
 */
public final class TimedSender {

    private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

    private final Function<Throwable, Failure> judge;
    private final Duration answerDeadline;

    /** Who is told. */
    public interface Watch {
        /** Called once per query, in the order of their ends. */
        void onQuery(Query query);

        /** Called several times a second. */
        void onTick();

        /** Whether no more queries need to leave; those that left are waited for. */
        default boolean isOver() {
            return false;
        }
    }

    /**
     * @param judge says of the failure of a query what it means
     * @param answerDeadline longest time without any answer, once all queries have left
     */
    public TimedSender(Function<Throwable, Failure> judge, Duration answerDeadline) {
        this.judge = judge;
        this.answerDeadline = answerDeadline;
    }

    /**
     * Sends a query at each time of the schedule and waits for all answers.
     *
     * @param schedule nanoseconds since the beginning, ascending
     * @param send sends the query of that number, from 0
     * @throws TimeoutException when the last answers do not come
     * @throws CompletionException with the cause when a query fails fatally
     */
    public void run(PrimitiveIterator.OfLong schedule, IntFunction<? extends CompletionStage<?>> send, Watch watch)
            throws TimeoutException, InterruptedException {
        Run run = new Run(send, watch);
        run.sendAll(schedule);
        run.awaitAll();
    }

    private record Answer(int number, long scheduled, long issued, long completed, @Nullable Throwable failure) {}

    private final class Run {
        private final IntFunction<? extends CompletionStage<?>> send;
        private final Watch watch;
        private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        private final long start = System.nanoTime();
        private int sent;
        private int answered;

        Run(IntFunction<? extends CompletionStage<?>> send, Watch watch) {
            this.send = send;
            this.watch = watch;
        }

        void sendAll(PrimitiveIterator.OfLong schedule) throws InterruptedException {
            while (!watch.isOver() && schedule.hasNext()) {
                long next = schedule.nextLong();
                waitUntil(next);
                send(next);
                takeAll();
            }
        }

        /** Also when it has fallen behind its schedule and never waits. */
        private void takeAll() throws InterruptedException {
            boolean hasTaken = false;
            while (take(0)) {
                hasTaken = true;
            }
            if (hasTaken) {
                watch.onTick();
            }
        }

        void awaitAll() throws TimeoutException, InterruptedException {
            long lastAnswer = now();
            while (answered < sent) {
                if (take(TICK_NANOS)) {
                    lastAnswer = now();
                } else if (now() - lastAnswer > answerDeadline.toNanos()) {
                    throw new TimeoutException("no answer for " + answerDeadline.toSeconds() + " s; "
                            + (sent - answered)
                            + " requests are without one. Maybe a node is overloaded or lost: see its log.");
                }
                watch.onTick();
            }
        }

        private void waitUntil(long nanos) throws InterruptedException {
            for (long left = nanos - now(); left > 0; left = nanos - now()) {
                take(Math.min(left, TICK_NANOS));
                watch.onTick();
            }
        }

        private void send(long scheduled) {
            int number = sent++;
            long issued = now();
            var unused = send.apply(number)
                    .whenComplete(
                            (value, failure) -> answers.add(new Answer(number, scheduled, issued, now(), failure)));
        }

        private boolean take(long timeoutNanos) throws InterruptedException {
            Answer answer = answers.poll(timeoutNanos, TimeUnit.NANOSECONDS);
            if (answer == null) {
                return false;
            }
            answered++;
            watch.onQuery(new Query(
                    answer.number(), answer.scheduled(), answer.issued(), answer.completed(), outcome(answer)));
            return true;
        }

        private Outcome outcome(Answer answer) {
            Throwable failure = answer.failure();
            if (failure == null) {
                return Outcome.ANSWERED;
            }
            return switch (judge.apply(failure)) {
                case REFUSED -> Outcome.REFUSED;
                case LATE -> Outcome.LATE;
                case FATAL ->
                    throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
            };
        }

        private long now() {
            return System.nanoTime() - start;
        }
    }
}
