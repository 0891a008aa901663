package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.ClusterLauncher;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The cluster file that an action is about. */
final class ClusterArgument {

    @Parameters(
            index = "0",
            paramLabel = "CLUSTERFILE",
            description = "File with the hosts and settings of the cluster.")
    private Path path = Path.of("");

    Path path() {
        return path;
    }

    /** @throws dev.tandem.config.SettingsException when it cannot be used, with everything that is wrong */
    ClusterFile load() {
        return ClusterFile.load(path);
    }

    static ClusterLauncher launcher(ClusterFile file) {
        return new ClusterLauncher(file, ProgramFolder.require());
    }
}
