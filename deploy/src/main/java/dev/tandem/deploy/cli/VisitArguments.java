package dev.tandem.deploy.cli;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.deploy.wiring.RunningCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running cluster a command looks at, and how long it waits for an answer. */
final class VisitArguments {

    @Option(
            names = "--cluster",
            paramLabel = "FILE",
            description = "Settings file that names members of the cluster as seeds, or cluster file. Default: what"
                    + " TANDEM_NETWORK_SEEDS says.")
    private @Nullable Path cluster;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Longest time to wait for an answer. Default: 10.")
    private int timeoutSeconds;

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    /** Nothing is asked yet. */
    ClusterVisit begin() {
        CommandLines.requireAtLeastOne("--timeout", timeoutSeconds);
        if (cluster != null && !Files.isRegularFile(cluster)) {
            throw CommandException.usage("settings file " + cluster + ": no such file.");
        }
        return ClusterVisit.begin(RunningCluster.settings(Optional.ofNullable(cluster)));
    }
}
