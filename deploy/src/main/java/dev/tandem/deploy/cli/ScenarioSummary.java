package dev.tandem.deploy.cli;

import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.scenario.Check;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.LatencyStatistics;
import dev.tandem.deploy.load.scenario.LatencyStatistics.Percentile;
import dev.tandem.deploy.load.scenario.RateSearch;
import dev.tandem.deploy.load.scenario.Scenario;
import dev.tandem.deploy.load.scenario.ScenarioResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario, for people: the sections and lines of the summary that MLPerf's load generator writes, so that
 * who knows the one, or has a program that reads it, finds their way.
 */
final class ScenarioSummary {

    private static final String BAR = "================================================";
    private static final Duration OF_MLPERF = Duration.ofMinutes(10);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String NONE = "none (not answered)";

    private final Terminal terminal;
    private final ScenarioReport.Setting setting;
    private final ScenarioResult result;
    private final Goal goal;
    private final List<RateSearch.Step> tried;

    ScenarioSummary(Terminal terminal, ScenarioReport.Setting setting, ScenarioRunner.Measured measured) {
        this.terminal = terminal;
        this.setting = setting;
        this.result = measured.result();
        this.goal = result.goal();
        this.tried = measured.tried();
    }

    void print() {
        setting.plan().print(terminal);
        terminal.line("");
        head();
        verdict();
        rates();
        statistics();
        parameters();
        notes();
    }

    private void head() {
        section("Results Summary (scenario of MLPerf Inference)");
        line("SUT name : ", "Tandem, " + setting.model());
        line("Scenario : ", goal.scenario().title());
        line("Mode     : ", "PerformanceOnly");
        switch (goal.scenario()) {
            case SINGLE_STREAM ->
                line(goal.percentile() + "th percentile latency (ns) : ", nanos(result.estimateNanos()));
            case SERVER -> line("Completed samples per second    : ", decimal(result.completedPerSecond()));
            case OFFLINE -> line("Samples per second: ", decimal(result.completedPerSecond()));
        }
    }

    private void verdict() {
        line("Result is : ", result.isValid() ? "VALID" : "INVALID");
        for (Check check : result.checks()) {
            String colon = check.condition() == Check.Condition.EARLY_STOPPING ? ": " : " : ";
            line("  " + check.condition().title() + colon, check.isSatisfied() ? "Yes" : "NO");
        }
        List<String> reasons = ScenarioReport.unsatisfied(result);
        if (!reasons.isEmpty()) {
            terminal.line("Reasons:");
            reasons.forEach(reason -> terminal.line(" * " + reason));
        }
        earlyStopping();
    }

    private void earlyStopping() {
        result.checks().stream()
                .filter(check -> check.condition() == Check.Condition.EARLY_STOPPING)
                .forEach(check -> {
                    terminal.line("Early Stopping Result:");
                    terminal.line(" * " + check.reason());
                });
        if (result.estimateNanos() != null) {
            terminal.line(" * Estimate without the " + result.discarded() + " slowest queries.");
        }
    }

    private void rates() {
        if (tried.isEmpty()) {
            return;
        }
        section("Rates Tried");
        TextTable table = TextTable.of(">per second", "result");
        tried.forEach(step -> table.row(Figures.digits(step.rate()), step.isValid() ? "valid" : "invalid"));
        table.print(terminal);
    }

    private void statistics() {
        LatencyStatistics latencies = result.latencies();
        section("Additional Stats");
        if (goal.scenario() == Scenario.SINGLE_STREAM) {
            line("QPS w/ loadgen overhead         : ", decimal(result.completedPerSecond()));
            line(
                    "QPS w/o loadgen overhead        : ",
                    latencies.mean() == null ? NONE : decimal(NANOS_PER_SECOND / latencies.mean()));
        }
        if (result.scheduledPerSecond() != null) {
            line("Scheduled samples per second    : ", decimal(result.scheduledPerSecond()));
        }
        line("Queries                         : ", result.run().queries().size());
        line("Refused                         : ", result.run().count(Query.Outcome.REFUSED));
        line("Late                            : ", result.run().count(Query.Outcome.LATE));
        line("Min latency (ns)                : ", nanos(latencies.min()));
        line("Max latency (ns)                : ", nanos(latencies.max()));
        line("Mean latency (ns)               : ", latencies.mean() == null ? NONE : Math.round(latencies.mean()));
        for (Percentile percentile : latencies.percentiles()) {
            line(
                    String.format(Locale.ROOT, "%.2f percentile latency (ns)   : ", percentile.percent()),
                    nanos(percentile.nanos()));
        }
    }

    private void parameters() {
        section("Test Parameters Used");
        line(
                "samples_per_query : ",
                goal.isOfLatencies() ? 1 : result.run().queries().size());
        if (result.run().rate() != null) {
            line("target_qps : ", decimal(result.run().rate()));
        }
        goal.bound().ifPresent(bound -> line("target_latency (ns): ", bound.toNanos()));
        if (goal.isOfLatencies()) {
            line("target_latency_percentile : ", goal.percentile());
        } else {
            line("samples in flight : ", setting.inFlight());
        }
        line("min_duration (ms): ", goal.minDuration().toMillis());
        line("min_query_count : ", goal.minQueries());
        if (goal.scenario() == Scenario.SERVER) {
            line("schedule_rng_seed : ", goal.seed());
        }
        line("performance_sample_count : ", setting.samples());
    }

    private void notes() {
        terminal.line("");
        terminal.line("Made " + setting.generator() + ", with made-up inputs.");
        terminal.line("This is no MLPerf result: it was measured by Tandem's load generator, and nobody reviewed it."
                + (goal.minDuration().compareTo(OF_MLPERF) < 0 ? " MLPerf asks for 600 s." : ""));
    }

    private void section(String title) {
        if (!title.startsWith("Results")) {
            terminal.line("");
        }
        terminal.line(BAR);
        terminal.line(title);
        terminal.line(BAR);
    }

    private void line(String name, Object value) {
        terminal.line(name + value);
    }

    private static String nanos(@Nullable Long nanos) {
        return nanos == null ? NONE : Long.toString(nanos);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
