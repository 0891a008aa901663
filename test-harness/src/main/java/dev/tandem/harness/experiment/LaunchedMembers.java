package dev.tandem.harness.experiment;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.launch.MemberReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Members of this machine for the launcher that users have: {@code member-1} and so on, of one CPU each. */
final class LaunchedMembers {

    private LaunchedMembers() {}

    /** Name of one of them, from 0. */
    static String name(int member) {
        return "member-" + (member + 1);
    }

    /**
     * Writes a cluster file with free ports.
     *
     * @param folder where the file and all that the members write go
     * @param launchWith a command per member that runs another; empty for none
     */
    static Path clusterFile(Path folder, List<List<String>> launchWith) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<Map<String, Object>> hosts = new ArrayList<>();
        int cpus = Runtime.getRuntime().availableProcessors();
        try {
            for (int member = 0; member < launchWith.size(); member++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                hosts.add(Map.of(
                        "destination", "local",
                        "name", name(member),
                        "port", socket.getLocalPort(),
                        "launch-with", launchWith.get(member),
                        "tandem.node.core-groups", List.of(Map.of("name", "cpu", "cpus", List.of(member % cpus)))));
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        Map<String, Object> cluster = Map.of("cluster.install", folder.toString(), "cluster.hosts", hosts);
        return Files.writeString(
                folder.resolve("cluster-" + hosts.size() + ".conf"),
                ConfigFactory.parseMap(cluster).root().render(ConfigRenderOptions.concise()));
    }

    /** @throws CommandException naming the first that is not up */
    static void requireUp(List<MemberReport> reports) {
        reports.stream().filter(report -> !report.state().isUp()).findFirst().ifPresent(report -> {
            throw new CommandException(ExitCode.RUNTIME_ERROR, report.name() + " is not up: " + report.reason());
        });
    }
}
