package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.scenario.Check;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.LatencyStatistics;
import dev.tandem.deploy.load.scenario.ScenarioResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario, for programs. Rates are per second, times in milliseconds; null where nothing was answered.
 *
 * @param valid whether the result counts
 * @param reasons why it does not
 * @param completedRate answers per second; the metric of the server and offline scenarios
 * @param scheduledRate queries per second that were meant to leave, as drawn; server
 * @param rate mean of the arrivals, server
 * @param estimateMs the percentile of latencies that holds with a confidence of 99 %; the metric of the single stream
 * @param percentilesMs by percent
 * @param concurrency samples in flight, offline
 * @param tried rates that were tried, in their order, where one was looked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScenarioReport(
        String model,
        String scenario,
        boolean valid,
        List<String> reasons,
        int queries,
        int refused,
        int late,
        double completedRate,
        @Nullable Double scheduledRate,
        @Nullable Double rate,
        @Nullable Double estimateMs,
        @Nullable Double minMs,
        @Nullable Double meanMs,
        @Nullable Double maxMs,
        Map<String, @Nullable Double> percentilesMs,
        @Nullable Double percentile,
        @Nullable Double latencyBoundMs,
        double minDurationSeconds,
        int minQueries,
        @Nullable Long seed,
        @Nullable Integer concurrency,
        @Nullable List<Tried> tried,
        BenchReport.Generator generator,
        PlanView plan,
        BenchVersions versions,
        String command) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /** A rate and whether its run was valid. */
    record Tried(double rate, boolean valid) {}

    /**
     * What was measured, and how.
     *
     * @param inFlight samples in flight, offline
     * @param samples different inputs
     */
    record Setting(
            String model, int inFlight, int samples, BenchReport.Generator generator, PlanView plan, String command) {}

    static ScenarioReport of(Setting setting, ScenarioRunner.Measured measured) {
        ScenarioResult result = measured.result();
        Goal goal = result.goal();
        LatencyStatistics latencies = result.latencies();
        Map<String, @Nullable Double> percentiles = new LinkedHashMap<>();
        latencies.percentiles().forEach(each -> percentiles.put(Double.toString(each.percent()), millis(each.nanos())));
        boolean isServer = result.run().rate() != null;
        return new ScenarioReport(
                setting.model(),
                goal.scenario().title(),
                result.isValid(),
                unsatisfied(result),
                result.run().queries().size(),
                result.run().count(Query.Outcome.REFUSED),
                result.run().count(Query.Outcome.LATE),
                result.completedPerSecond(),
                result.scheduledPerSecond(),
                result.run().rate(),
                millis(result.estimateNanos()),
                millis(latencies.min()),
                latencies.mean() == null ? null : latencies.mean() / NANOS_PER_MILLI,
                millis(latencies.max()),
                percentiles,
                goal.isOfLatencies() ? goal.percentile() : null,
                goal.bound().map(Duration::toNanos).map(ScenarioReport::millis).orElse(null),
                goal.minDuration().toNanos() / NANOS_PER_SECOND,
                goal.minQueries(),
                isServer ? goal.seed() : null,
                goal.isOfLatencies() ? null : setting.inFlight(),
                measured.tried().isEmpty()
                        ? null
                        : measured.tried().stream()
                                .map(step -> new Tried(step.rate(), step.isValid()))
                                .toList(),
                setting.generator(),
                setting.plan(),
                BenchVersions.here(),
                setting.command());
    }

    static List<String> unsatisfied(ScenarioResult result) {
        return result.checks().stream()
                .filter(check -> !check.isSatisfied())
                .map(Check::reason)
                .toList();
    }

    private static @Nullable Double millis(@Nullable Long nanos) {
        return nanos == null ? null : nanos / NANOS_PER_MILLI;
    }
}
