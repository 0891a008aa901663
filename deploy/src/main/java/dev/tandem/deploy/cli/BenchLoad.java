package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.deploy.load.Arrivals;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.load.OpenLoop;
import dev.tandem.deploy.load.OpenLoop.Failure;
import dev.tandem.deploy.load.OpenLoopFigures;
import dev.tandem.deploy.wiring.RequestFailedException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** The load that both sides of a benchmark are put under. */
sealed interface BenchLoad {

    /** Longest time without any answer beyond the deadline of a request. */
    Duration SLACK = Duration.ofSeconds(5);

    /**
     * So many requests in flight at any time.
     *
     * @param deadline of a request
     */
    record Closed(int concurrency, Duration deadline) implements BenchLoad {
        @Override
        public OpenLoopFigures run(
                MeasuringTime time, IntFunction<CompletionStage<Object>> send, Consumer<LoadFigures> progress)
                throws TimeoutException, InterruptedException {
            LoadFigures figures = new ClosedLoop<>(concurrency, deadline.plus(SLACK)).runFor(time, send, progress);
            return new OpenLoopFigures(figures, figures.requests(), 0, 0, 0);
        }
    }

    /**
     * Requests at set times.
     *
     * @param perSecond mean rate
     * @param deadline of a request
     */
    record Open(Arrivals.Pattern pattern, double perSecond, long seed, Duration deadline) implements BenchLoad {
        @Override
        public OpenLoopFigures run(
                MeasuringTime time, IntFunction<CompletionStage<Object>> send, Consumer<LoadFigures> progress)
                throws TimeoutException, InterruptedException {
            return new OpenLoop(new Arrivals(pattern, perSecond, seed), BenchLoad::judge, deadline.plus(SLACK))
                    .run(time, send, progress);
        }
    }

    /** Puts something under this load for that long. */
    OpenLoopFigures run(MeasuringTime time, IntFunction<CompletionStage<Object>> send, Consumer<LoadFigures> progress)
            throws TimeoutException, InterruptedException;

    /** Refusals and missed deadlines belong to load at a set rate; the rest does not. */
    static Failure judge(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof TimeoutException) {
            return Failure.LATE;
        }
        if (failure instanceof RequestFailedException failed) {
            return failed.code() == ErrorCode.OVERLOADED
                    ? Failure.REFUSED
                    : failed.code() == ErrorCode.DEADLINE_EXCEEDED ? Failure.LATE : Failure.FATAL;
        }
        return Failure.FATAL;
    }
}
