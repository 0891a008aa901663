package dev.tandem.deploy.cli;

import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.LoadTarget;
import dev.tandem.deploy.load.scenario.Offline;
import dev.tandem.deploy.load.scenario.RateSearch;
import dev.tandem.deploy.load.scenario.ScenarioResult;
import dev.tandem.deploy.load.scenario.Server;
import dev.tandem.deploy.load.scenario.SingleStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts what serves a model under the load of a scenario. Used by one thread.
 *
 * @param concurrency queries in flight of the warm-up, and offline
 * @param rate of the server scenario; absent: the highest is looked for
 */
record ScenarioRunner(LoadTarget target, Goal goal, int concurrency, @Nullable Double rate) {

    private static final MeasuringTime WARM_UP = new MeasuringTime(Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final double PRECISION = 0.05;

    /** Of the rate that many requests in flight reach: arrivals at random times keep a bound at less only. */
    private static final double FIRST_SHARE = 0.7;

    /** What came of it, and which rates were tried where one was looked for. */
    record Measured(ScenarioResult result, List<RateSearch.Step> tried) {}

    Measured run(ProgressLine progress) throws TimeoutException, InterruptedException {
        double perSecond = warmUp(progress);
        return switch (goal.scenario()) {
            case SINGLE_STREAM ->
                measured(ScenarioResult.of(
                        goal, SingleStream.run(target, goal, show("single stream", "queries", progress))));
            case OFFLINE ->
                measured(ScenarioResult.of(
                        goal,
                        new Offline(concurrency).run(target, goal, perSecond, show("offline", "samples", progress))));
            case SERVER -> rate == null ? search(perSecond, progress) : measured(at(rate, progress));
        };
    }

    private Measured search(double perSecond, ProgressLine progress) throws TimeoutException, InterruptedException {
        RateSearch.Found found = new RateSearch(PRECISION).from(perSecond * FIRST_SHARE, tried -> at(tried, progress));
        return new Measured(found.result(), found.steps());
    }

    private ScenarioResult at(double tried, ProgressLine progress) throws TimeoutException, InterruptedException {
        IntConsumer show = show("server at " + Figures.digits(tried) + " per s", "queries", progress);
        return ScenarioResult.of(goal, Server.run(target, goal, tried, show));
    }

    /** The rate that it reached. */
    private double warmUp(ProgressLine progress) throws TimeoutException, InterruptedException {
        double reached = new ClosedLoop<Object>(concurrency, target.answerDeadline())
                .runFor(WARM_UP, target.send(), figures -> progress.update(() -> "warming up"))
                .throughputPerSecond();
        if (!(reached > 0)) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR, "no request was answered in the warm-up. Maybe look at the nodes' logs.");
        }
        return reached;
    }

    private static Measured measured(ScenarioResult result) {
        return new Measured(result, List.of());
    }

    private static IntConsumer show(String phase, String unit, ProgressLine progress) {
        return answered -> progress.update(() -> phase + ": " + answered + " " + unit);
    }
}
