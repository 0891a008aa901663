package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.launch.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command where no cluster answers; {@link RunningClusterIT} has one that does. */
class StatusIT {

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void endsInTimeWhereNoClusterAnswers() throws IOException {
        Path settings = settings("127.0.0.1:" + FreePorts.take(1).get(0));

        ExitCode exit = captured.run("status", "--cluster", settings.toString(), "--timeout", "1");

        assertThat(exit).isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(captured.err()).contains("no node of", "answered within 1000 ms");
    }

    @Test
    void refusesSettingsThatNameNoCluster() throws IOException {
        Path settings = Files.writeString(folder.resolve("none.conf"), "tandem.network.seeds = []");

        assertThat(captured.run("status", "--cluster", settings.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("must name a cluster to join");
    }

    private Path settings(String seed) throws IOException {
        return Files.writeString(folder.resolve("cluster.conf"), "tandem.network.seeds = [\"" + seed + "\"]");
    }
}
