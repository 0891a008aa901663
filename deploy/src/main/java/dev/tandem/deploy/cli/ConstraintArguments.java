package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import dev.tandem.config.Quantity;
import dev.tandem.core.planner.Constraints;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a plan must keep within, beside the number of its nodes. */
final class ConstraintArguments {

    private static final double NANOS_PER_SECOND = 1e9;

    @Option(
            names = "--max-latency",
            paramLabel = "TIME",
            description = "Longest predicted time of one request, such as 50ms. Default: any.")
    private @Nullable String maxLatency;

    @Option(
            names = "--min-throughput",
            paramLabel = "R",
            description = "Fewest predicted requests per second. Default: any.")
    private @Nullable Double minThroughput;

    @Option(
            names = "--max-energy",
            paramLabel = "E",
            description = "Most predicted energy of one request, such as 800mJ; the topology file must say the power of"
                    + " every machine. Default: any.")
    private @Nullable String maxEnergy;

    /** @throws CommandException when one makes no sense */
    Constraints constraints() {
        Constraints constraints = Constraints.NONE;
        if (maxLatency != null) {
            constraints = constraints.withMaxLatencySeconds(latencySeconds(maxLatency));
        }
        if (minThroughput != null) {
            constraints = constraints.withMinThroughputPerSecond(throughput(minThroughput));
        }
        return maxEnergy == null ? constraints : constraints.withMaxEnergyJoules(joules(maxEnergy));
    }

    private static double latencySeconds(String text) {
        double seconds = 0;
        try {
            seconds = ConfigValueFactory.fromAnyRef(text)
                            .atKey("time")
                            .getDuration("time")
                            .toNanos()
                    / NANOS_PER_SECOND;
        } catch (ConfigException e) {
            // Refused below, as a time of nothing is.
        }
        if (!(seconds > 0)) {
            throw CommandException.usage("--max-latency (" + text + ") must be a time above 0 such as 50ms or 2s.");
        }
        return seconds;
    }

    private static double throughput(double perSecond) {
        if (!(perSecond > 0 && Double.isFinite(perSecond))) {
            throw CommandException.usage(
                    "--min-throughput (" + perSecond + ") must be a number of requests per second above 0.");
        }
        return perSecond;
    }

    private static double joules(String text) {
        double joules = 0;
        try {
            joules = Quantity.joules(text);
        } catch (IllegalArgumentException e) {
            // Refused below, as an energy of nothing is.
        }
        if (!(joules > 0)) {
            throw CommandException.usage("--max-energy (" + text + ") must be an energy above 0 such as 2J or 450mJ.");
        }
        return joules;
    }
}
