package dev.tandem.deploy.cli;

import dev.tandem.deploy.load.Arrivals;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.Scenario;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a benchmark loads what it measures, and for how long. */
final class BenchLoadArguments {

    private static final int PER_NODE = 2;
    private static final double USUAL_SECONDS = 3;
    private static final int USUAL_ROUNDS = 5;
    private static final long SEED = 2026;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double WARM_UP_SHARE = 0.25;
    private static final double MOST_WARM_UP_SECONDS = 1;

    @Option(
            names = "--concurrency",
            paramLabel = "C",
            description = "Closed loop: so many requests in flight, a new one with each answer. Default: two per node.")
    private @Nullable Integer concurrency;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open loop: so many requests per second, whether or not earlier ones were answered; latency"
                    + " counts from the time at which a request was meant to leave.")
    private @Nullable Double rate;

    @Option(
            names = "--arrivals",
            paramLabel = "PATTERN",
            description = "With --rate: poisson or constant. Default: poisson.")
    private Arrivals.@Nullable Pattern arrivals;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description =
                    "Measured time of each side in each round; a quarter of it, at most 1 s, goes before as warm-up."
                            + " Default: 3.")
    private @Nullable Double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, in which the sides take turns; one more goes before as warm-up. Default: 5.")
    private @Nullable Integer rounds;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Deadline of a request; with --rate a missed one counts as late. Default: 10.")
    private int timeoutSeconds;

    /** @throws CommandException when the options do not fit each other */
    void check() {
        CommandLines.requireAtLeastOne("--rounds", rounds());
        CommandLines.requireAtLeastOne("--timeout", timeoutSeconds);
        requirePositive("--duration", seconds());
        if (concurrency != null) {
            CommandLines.requireAtLeastOne("--concurrency", concurrency);
        }
        if (rate != null) {
            requirePositive("--rate", rate);
        }
        if (rate != null && concurrency != null) {
            throw CommandException.usage(
                    "--rate and --concurrency exclude each other: the first sends at set times, the"
                            + " second when answers come.");
        }
        if (arrivals != null && rate == null) {
            throw CommandException.usage("--arrivals must come with --rate.");
        }
    }

    /** @throws CommandException when there are options that a scenario has no use for */
    void checkFor(Goal goal) {
        Scenario scenario = goal.scenario();
        require(seconds == null, "--duration", scenario, "Maybe --min-duration is meant.");
        require(rounds == null, "--rounds", scenario, "It is one run.");
        require(arrivals == null, "--arrivals", scenario, "Those of server are poisson.");
        require(rate == null || scenario == Scenario.SERVER, "--rate", scenario, "Only server takes one.");
        require(
                concurrency == null || scenario == Scenario.OFFLINE,
                "--concurrency",
                scenario,
                "Only offline takes one.");
        if (goal.bound().isPresent() && deadline().compareTo(goal.bound().get()) < 0) {
            throw CommandException.usage("--timeout (" + timeoutSeconds
                    + ") must be no shorter than --latency-bound: queries would be given up that may still keep it.");
        }
    }

    private static void require(boolean isFit, String option, Scenario scenario, String hint) {
        if (!isFit) {
            throw CommandException.usage(option + " does not go with --scenario " + scenario + ". " + hint);
        }
    }

    BenchLoad load(int nodes) {
        if (rate == null) {
            return new BenchLoad.Closed(inFlight(nodes), deadline());
        }
        return new BenchLoad.Open(pattern(), rate, SEED, deadline());
    }

    /** Requests on their way at a time, where answers make new ones. */
    int inFlight(int nodes) {
        return concurrency == null ? PER_NODE * nodes : concurrency;
    }

    /** As given. */
    @Nullable Double rate() {
        return rate;
    }

    private Arrivals.Pattern pattern() {
        return arrivals == null ? Arrivals.Pattern.POISSON : arrivals;
    }

    MeasuringTime time() {
        double warmUp = Math.min(MOST_WARM_UP_SECONDS, WARM_UP_SHARE * seconds());
        return new MeasuringTime(duration(warmUp), duration(seconds()));
    }

    Duration deadline() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    int rounds() {
        return rounds == null ? USUAL_ROUNDS : rounds;
    }

    private double seconds() {
        return seconds == null ? USUAL_SECONDS : seconds;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
    }

    private static void requirePositive(String option, double value) {
        if (!(value > 0) || value > Integer.MAX_VALUE) {
            throw CommandException.usage(option + " (" + value + ") must be above 0.");
        }
    }
}
