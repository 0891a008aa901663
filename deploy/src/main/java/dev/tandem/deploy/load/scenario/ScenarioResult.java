package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param completedPerSecond answers per second; the metric of the offline and server scenarios
 * @param scheduledPerSecond queries per second that were meant to leave, as drawn; of the server scenario
 * @param estimateNanos the percentile of latencies that holds with the confidence of {@link EarlyStopping}, never below the
 *     one seen; the metric of the single stream, null where there were too few queries, or answers
 * @param discarded slowest queries that the estimate leaves out
 */
public record ScenarioResult(
        Goal goal,
        ScenarioRun run,
        double completedPerSecond,
        @Nullable Double scheduledPerSecond,
        @Nullable Long estimateNanos,
        int discarded,
        LatencyStatistics latencies,
        List<Check> checks) {

    private static final double NANOS_PER_SECOND = 1e9;

    public static ScenarioResult of(Goal goal, ScenarioRun run) {
        Latencies latencies = new Latencies(run.queries());
        boolean isStream = goal.scenario() == Scenario.SINGLE_STREAM;
        int discarded = isStream
                ? Math.max(0, goal.earlyStopping().mostOver(run.queries().size()) - 1)
                : 0;
        boolean isEstimable =
                isStream && run.queries().size() >= goal.earlyStopping().fewestQueries();
        return new ScenarioResult(
                goal,
                run,
                completedPerSecond(goal, run),
                goal.scenario() == Scenario.SERVER
                        ? perSecond(run.queries().size() - 1, run.last().scheduledNanos())
                        : null,
                isEstimable ? LatencyStatistics.orNull(latencies.slowestBut(discarded)) : null,
                discarded,
                LatencyStatistics.of(latencies),
                new Checks(goal, run, latencies).all());
    }

    public boolean isValid() {
        return checks.stream().allMatch(Check::isSatisfied);
    }

    /** A server's first query stands at the beginning of the time, and is not in it. */
    private static double completedPerSecond(Goal goal, ScenarioRun run) {
        int answered = run.count(Query.Outcome.ANSWERED);
        return perSecond(goal.scenario() == Scenario.SERVER ? answered - 1 : answered, run.endNanos());
    }

    private static double perSecond(int queries, long nanos) {
        return nanos > 0 ? Math.max(0, queries) / (nanos / NANOS_PER_SECOND) : 0;
    }
}
