package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.scenario.Check.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Checks a run against its goal. */
final class Checks {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Goal goal;
    private final ScenarioRun run;
    private final Latencies latencies;

    Checks(Goal goal, ScenarioRun run, Latencies latencies) {
        this.goal = goal;
        this.run = run;
        this.latencies = latencies;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        if (goal.scenario() == Scenario.SERVER) {
            checks.add(performance());
        }
        checks.add(duration());
        checks.add(queries());
        if (goal.scenario() != Scenario.OFFLINE) {
            checks.add(goal.scenario() == Scenario.SERVER ? fewOver() : estimable());
        }
        return List.copyOf(checks);
    }

    private Check performance() {
        long bound = goal.bound().orElseThrow().toNanos();
        OptionalLong percentile = latencies.percentile(goal.percentile());
        boolean isKept = percentile.isPresent() && percentile.getAsLong() <= bound;
        return new Check(
                Condition.PERFORMANCE,
                isKept,
                percent() + "th percentile of latencies is "
                        + (percentile.isPresent() ? millis(percentile.getAsLong()) : "none, for want of answers")
                        + ", and may be at most " + millis(bound) + (isKept ? "." : ". Maybe use a lower rate."));
    }

    /** By the time that the scenario's metric is measured over. */
    private Check duration() {
        long took =
                switch (goal.scenario()) {
                    case SINGLE_STREAM -> run.last().issuedNanos();
                    case SERVER -> run.last().scheduledNanos();
                    case OFFLINE -> run.endNanos();
                };
        long least = goal.minDuration().toNanos();
        return new Check(
                Condition.MIN_DURATION,
                took >= least,
                "queries left, or were answered, for " + millis(took) + " of at least " + millis(least)
                        + end(took >= least));
    }

    private Check queries() {
        int queries = run.queries().size();
        boolean isEnough = queries >= goal.minQueries();
        return new Check(
                Condition.MIN_QUERIES,
                isEnough,
                queries + " queries, of at least " + goal.minQueries() + end(isEnough));
    }

    private String end(boolean isEnough) {
        return isEnough ? "." : run.isCutShort() ? ": the run was ended when it could no longer succeed." : ".";
    }

    private Check fewOver() {
        int queries = run.queries().size();
        int over = (int) run.queries().stream().filter(goal::isOver).count();
        int most = goal.earlyStopping().mostOver(queries);
        boolean isSatisfied = over <= most;
        return new Check(
                Condition.EARLY_STOPPING,
                isSatisfied,
                over + " of " + queries + " queries over the bound, where " + Math.max(0, most) + " may be"
                        + (isSatisfied || run.isCutShort()
                                ? "."
                                : "; if all others keep it, "
                                        + goal.earlyStopping().queriesFor(over)
                                        + " queries would do. Maybe use a higher --min-queries or a lower rate."));
    }

    private Check estimable() {
        int queries = run.queries().size();
        int fewest = goal.earlyStopping().fewestQueries();
        boolean isSatisfied = queries >= fewest;
        return new Check(
                Condition.EARLY_STOPPING,
                isSatisfied,
                queries + " queries, of at least " + fewest + " for an estimate of the " + percent() + "th percentile"
                        + (isSatisfied ? "." : ". Maybe use a higher --min-queries."));
    }

    private String percent() {
        return Double.toString(goal.percentile());
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / NANOS_PER_MILLI);
    }
}
