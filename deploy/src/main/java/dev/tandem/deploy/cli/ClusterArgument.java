package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import dev.tandem.deploy.launch.ClusterLauncher;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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

    /**
     * The members of these names, in their order.
     *
     * @throws CommandException when one is not in the file
     */
    List<ClusterHost> chosen(ClusterFile file, List<String> names) {
        return names.stream().map(name -> chosen(file, name)).toList();
    }

    private ClusterHost chosen(ClusterFile file, String name) {
        return file.hosts().stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandException.usage("there is no member '" + name + "' in " + path + ". Members: "
                        + file.hosts().stream().map(ClusterHost::name).collect(Collectors.joining(", ")) + "."));
    }

    static ClusterLauncher launcher(ClusterFile file) {
        return new ClusterLauncher(file, ProgramFolder.require());
    }
}
