package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import dev.tandem.deploy.load.scenario.EarlyStopping;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A scenario of MLPerf Inference in place of rounds beside plain ONNX Runtime. */
final class ScenarioArguments {

    private static final Duration USUAL_DURATION = Duration.ofSeconds(10);
    private static final long USUAL_SEED = 2026;

    @Option(
            names = "--scenario",
            paramLabel = "S",
            description =
                    "One of MLPerf Inference's: single-stream (one query after the other: latency), server (Poisson"
                            + " arrivals: highest rate at which latencies keep a bound; with --rate that rate only) or offline"
                            + " (all samples at once: rate). Measures the cluster alone.")
    private @Nullable Scenario scenario;

    @Option(
            names = "--latency-bound",
            paramLabel = "TIME",
            description =
                    "For --scenario server: what the percentile of latencies may be at most, such as 50ms. It counts"
                            + " from the time at which a query was meant to leave.")
    private @Nullable String latencyBound;

    @Option(
            names = "--percentile",
            paramLabel = "P",
            description =
                    "Percentile of latencies that counts, such as 99 or 99.9. A lower one needs fewer queries: 64 for"
                            + " 90, 662 for 99. Default: 90 for single-stream, 99 for server.")
    private @Nullable Double percentile;

    @Option(
            names = "--min-duration",
            paramLabel = "TIME",
            description =
                    "Shortest run of a scenario, such as 30s; MLPerf asks for 600s. Default: 10s, or ten times the"
                            + " latency bound.")
    private @Nullable String minDuration;

    @Option(
            names = "--min-queries",
            paramLabel = "N",
            description =
                    "Fewest queries (offline: samples) of a run. Default: what the percentile needs; offline as many as"
                            + " take the shortest time.")
    private @Nullable Integer minQueries;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Seed of a scenario's arrivals: the same gives the same. Default: 2026.")
    private @Nullable Long seed;

    @Option(
            names = "--queries",
            paramLabel = "FILE",
            description = "Write every query of a scenario's last run as CSV: when it was meant to leave, left and was"
                    + " answered.")
    private @Nullable Path queries;

    /** Which scenario, and what it asks for; empty: none. */
    Optional<Goal> goal() {
        if (scenario == null) {
            requireAbsent();
            return Optional.empty();
        }
        requireFit(scenario);
        Duration bound = latencyBound == null ? null : duration("--latency-bound", latencyBound);
        double percent = percentile == null ? scenario.usualPercentile() : percentile;
        return Optional.of(new Goal(
                scenario,
                percent,
                bound,
                duration(bound),
                queries(scenario, percent),
                seed == null ? USUAL_SEED : seed));
    }

    /** Where the queries are written, if anywhere. */
    Optional<QueryFile> file() {
        return Optional.ofNullable(queries).map(QueryFile::new);
    }

    private void requireFit(Scenario chosen) {
        if (chosen == Scenario.SERVER && latencyBound == null) {
            throw CommandException.usage(
                    "--scenario server needs --latency-bound, such as 50ms: it looks for the highest rate that keeps it.");
        }
        if (chosen != Scenario.SERVER && latencyBound != null) {
            throw CommandException.usage("--latency-bound is for --scenario server; " + chosen + " has no bound.");
        }
        if (chosen == Scenario.OFFLINE && percentile != null) {
            throw CommandException.usage("--percentile is for latencies; --scenario offline asks for the rate alone.");
        }
        if (percentile != null && !(percentile > 0 && percentile < 100)) {
            throw CommandException.usage("--percentile (" + percentile + ") must be above 0 and below 100.");
        }
        if (minQueries != null) {
            CommandLines.requireAtLeastOne("--min-queries", minQueries);
        }
        file().ifPresent(QueryFile::requireWritable);
    }

    private void requireAbsent() {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("--latency-bound", latencyBound);
        given.put("--percentile", percentile);
        given.put("--min-duration", minDuration);
        given.put("--min-queries", minQueries);
        given.put("--seed", seed);
        given.put("--queries", queries);
        given.forEach((option, value) -> {
            if (value != null) {
                throw CommandException.usage(option + " must come with --scenario.");
            }
        });
    }

    private Duration duration(@Nullable Duration bound) {
        Duration enough = bound == null ? Duration.ZERO : bound.multipliedBy(Goal.BOUNDS_PER_RUN);
        if (minDuration == null) {
            return enough.compareTo(USUAL_DURATION) > 0 ? enough : USUAL_DURATION;
        }
        Duration given = duration("--min-duration", minDuration);
        if (given.compareTo(enough) < 0) {
            throw CommandException.usage("--min-duration (" + minDuration + ") must be at least " + Goal.BOUNDS_PER_RUN
                    + " times --latency-bound (" + Objects.requireNonNull(latencyBound)
                    + "): in less a cluster that cannot keep up has not fallen behind yet.");
        }
        return given;
    }

    private int queries(Scenario chosen, double percent) {
        if (minQueries != null) {
            return minQueries;
        }
        return chosen == Scenario.OFFLINE ? 1 : EarlyStopping.of(percent).fewestQueries();
    }

    /** With a unit, since without one {@code 10} would be milliseconds in HOCON and seconds in the other options. */
    private static Duration duration(String option, String text) {
        Duration duration = Duration.ZERO;
        try {
            if (Character.isLetter(text.charAt(text.length() - 1))) {
                duration = ConfigValueFactory.fromAnyRef(text).atKey("time").getDuration("time");
            }
        } catch (ConfigException | IndexOutOfBoundsException e) {
            // Refused below, as a time of nothing is.
        }
        if (duration.isZero() || duration.isNegative() || duration.toDays() > 0) {
            throw CommandException.usage(option + " (" + text
                    + ") must be a time with a unit, above 0 and below a day, such as 50ms or 10s.");
        }
        return duration;
    }
}
