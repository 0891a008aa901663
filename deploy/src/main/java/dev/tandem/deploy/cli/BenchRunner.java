package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.deploy.load.BackToBack;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.load.OpenLoopFigures;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.PlainModel;
import dev.tandem.deploy.wiring.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures a served model and plain ONNX Runtime in turns, so that the machine's drift hits both alike. While one side
 * works the others wait. Used by one thread.
 *
 * @param served Tandem's side
 * @param samples inputs that its requests take in turn
 * @param baseline plain ONNX Runtime on the CPUs of all members
 * @param oneCpu the same on one CPU, where that is another figure
 * @param load under which both are put; back to back for the plain sides where that is their best
 * @param time of one side in one round
 * @param deadline of a request
 */
record BenchRunner(
        ServedModel served,
        List<Map<String, TensorValue>> samples,
        PlainModel baseline,
        @Nullable PlainModel oneCpu,
        BenchLoad load,
        MeasuringTime time,
        Duration deadline) {

    private static final long STATS_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private interface Phase {
        OpenLoopFigures run() throws TimeoutException, InterruptedException;
    }

    /** All rounds and what the shards did in them. */
    record Measured(List<BenchRound> rounds, ShardWork work) {}

    /** One round more than asked for: the first warms everything up and is not counted. */
    Measured run(int rounds, ProgressLine progress) throws TimeoutException, InterruptedException {
        List<BenchRound> measured = new ArrayList<>();
        ShardWork work = new ShardWork();
        for (int round = 0; round <= rounds; round++) {
            String name = round == 0 ? "warming up" : "round " + round + " of " + rounds;
            ShardWork into = round == 0 ? new ShardWork() : work;
            BenchRound result = round(name, into, round % 2 == 0, progress);
            if (round > 0) {
                measured.add(result);
            }
        }
        return new Measured(measured, work);
    }

    /** Who is first changes, since a machine may slow down while it works. */
    private BenchRound round(String name, ShardWork work, boolean baselineFirst, ProgressLine progress)
            throws TimeoutException, InterruptedException {
        if (baselineFirst) {
            BenchSide plain = plain(baseline, name + ", ONNX Runtime", progress);
            return BenchRound.of(tandem(name, work, progress), plain, oneCpu(name, progress));
        }
        BenchSide tandem = tandem(name, work, progress);
        return BenchRound.of(tandem, plain(baseline, name + ", ONNX Runtime", progress), oneCpu(name, progress));
    }

    private BenchSide tandem(String name, ShardWork work, ProgressLine progress)
            throws TimeoutException, InterruptedException {
        Stats before = stats();
        BenchSide side = timed(() -> load.run(
                time,
                request -> served.infer(samples.get(request % samples.size()), deadline)
                        .thenApply(outputs -> outputs),
                show(name + ", Tandem", progress)));
        work.add(before, stats());
        return side;
    }

    private @Nullable BenchSide oneCpu(String name, ProgressLine progress)
            throws TimeoutException, InterruptedException {
        return oneCpu == null ? null : plain(oneCpu, name + ", ONNX Runtime on one CPU", progress);
    }

    private BenchSide plain(PlainModel model, String name, ProgressLine progress)
            throws TimeoutException, InterruptedException {
        if (load instanceof BenchLoad.Closed) {
            progress.update(() -> name);
            return timed(() -> {
                LoadFigures figures =
                        model.submit(() -> BackToBack.run(time, model::infer)).join();
                return new OpenLoopFigures(figures, figures.requests(), 0, 0, 0);
            });
        }
        return timed(() -> load.run(
                time,
                request -> model.submit(() -> {
                    model.infer();
                    return request;
                }),
                show(name, progress)));
    }

    /** The processor time is that of all answers, those of the warm-up included, over all of the time. */
    private BenchSide timed(Phase phase) throws TimeoutException, InterruptedException {
        double processor = ProcessorTime.seconds();
        long start = System.nanoTime();
        OpenLoopFigures figures = phase.run();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        if (figures.load().throughputPerSecond() == 0) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "no request was answered in the " + time.measured().toMillis()
                            + " ms of a round. Maybe use a longer --duration or a higher --rate.");
        }
        double perSecond = (ProcessorTime.seconds() - processor) / seconds;
        return BenchSide.of(figures, perSecond / figures.load().throughputPerSecond());
    }

    private Stats stats() throws TimeoutException, InterruptedException {
        try {
            return served.stats().toCompletableFuture().get(STATS_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway does not say what it has done: " + e.getMessage(), e);
        }
    }

    private static Consumer<LoadFigures> show(String name, ProgressLine progress) {
        return figures -> progress.update(() -> name + ": " + figures.requests() + " answers, "
                + Figures.digits(figures.throughputPerSecond()) + " per s, p50 " + Figures.millis(figures.p50Seconds())
                + " ms, p99 " + Figures.millis(figures.p99Seconds()) + " ms");
    }
}
