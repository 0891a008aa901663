package dev.tandem.harness.testbed;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import dev.tandem.config.NodePowerSettings;
import dev.tandem.deploy.launch.ClusterLauncher;
import dev.tandem.deploy.launch.MemberReport;
import dev.tandem.deploy.launch.MemberState;
import dev.tandem.harness.testbed.TestbedSpec.Group;
import dev.tandem.harness.testbed.TestbedSpec.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The members of a test bed: a cluster file for the launcher that users have, in the bed's folder. */
final class BedCluster {

    private static final int PORT = 7355;

    private final Path file;
    private final ClusterFile cluster;
    private final Path home;
    private final ClusterLauncher launcher;

    /**
     * @param folder of the bed, with the file
     * @param home of the program
     */
    BedCluster(Path folder, Path home) {
        this.file = file(folder);
        this.cluster = ClusterFile.load(file);
        this.home = home;
        this.launcher = new ClusterLauncher(cluster, home);
    }

    static Path file(Path folder) {
        return folder.resolve("cluster.conf");
    }

    /** How the members get where they belong. */
    interface Placement {

        /** Words before the command of a node. */
        List<String> launchWith(int node);

        /** Folders of control groups that the threads of a core group join. */
        List<Path> folders(int node, int group);
    }

    /** Writes the file. */
    static void write(Path folder, TestbedSpec spec, Placement placement) {
        List<Map<String, Object>> hosts = new ArrayList<>();
        for (int i = 0; i < spec.nodes().size(); i++) {
            hosts.add(host(folder, spec.nodes().get(i), i, placement));
        }
        Config config = ConfigFactory.parseMap(Map.of(
                        "cluster.name", spec.name(), "cluster.install", folder.toString(), "cluster.hosts", hosts))
                .withFallback(spec.settings());
        try {
            Files.writeString(
                    file(folder),
                    config.root()
                            .render(ConfigRenderOptions.concise()
                                    .setFormatted(true)
                                    .setJson(false)));
        } catch (IOException e) {
            throw new TestbedException("the file " + file(folder) + " cannot be written: " + e + ".", e);
        }
    }

    /** Every member has its own library: its pages count against whoever reads them first. */
    private static Map<String, Object> host(Path folder, Node node, int index, Placement placement) {
        Map<String, Object> own = new HashMap<>(Map.of(
                "tandem.node.core-groups",
                groups(node, index, placement),
                "tandem.runtime.pin-threads",
                false,
                "tandem.runtime.native-directory",
                folder + "/native/" + node.name()));
        if (!node.power().equals(NodePowerSettings.NONE)) {
            own.put("tandem.node.power", BedRecord.power(node.power()));
        }
        Config settings = node.settings().withFallback(ConfigFactory.parseMap(own));
        return Map.of(
                "destination", ClusterHost.LOCAL,
                "name", node.name(),
                "address", BedNetwork.address(index + 1),
                "port", PORT,
                "launch-with", placement.launchWith(index),
                "tandem", settings.getConfig("tandem").root().unwrapped());
    }

    /** The numbers of CPUs have no meaning: threads run where there is room, for as long as their quota lasts. */
    private static List<Map<String, Object>> groups(Node node, int index, Placement placement) {
        List<Map<String, Object>> groups = new ArrayList<>();
        int cpu = 0;
        for (int i = 0; i < node.groups().size(); i++) {
            Group group = node.groups().get(i);
            List<Integer> cpus = new ArrayList<>();
            while (cpus.size() < group.threads()) {
                cpus.add(cpu++);
            }
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("name", group.name());
            keys.put("cpus", cpus);
            keys.put("threads", group.threads());
            keys.put(
                    "control-groups",
                    placement.folders(index, i).stream().map(Path::toString).toList());
            group.power().ifPresent(power -> keys.put("power", BedRecord.power(power)));
            groups.add(keys);
        }
        return groups;
    }

    Path file() {
        return file;
    }

    Path log(String node) {
        return folder(node).resolve("log");
    }

    private Path folder(String node) {
        return Path.of(cluster.install())
                .resolve("clusters")
                .resolve(cluster.name())
                .resolve(node);
    }

    /** Replaces the settings file of a member by one with more in it, as editors do: at once. */
    void addSettings(String node, String text) {
        Path own = folder(node).resolve("tandem.conf");
        Path next = own.resolveSibling("tandem.conf.new");
        try {
            Files.writeString(next, Files.readString(own) + "\n" + text + "\n");
            Files.move(next, own, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new TestbedException("the file " + own + " cannot be replaced: " + e + ".", e);
        }
    }

    /**
     * Starts the members, one after the other, so that each is measured while the others rest. Each knows only those before
     * it: whoever asks for one that is not up yet waits before it is asked for again.
     *
     * @throws TestbedException naming the first that does not come up, with the end of its log
     */
    void up(BiConsumer<String, String> progress, Making making) {
        for (int count = 1; count <= cluster.hosts().size(); count++) {
            making.requireGoingOn();
            ClusterFile known = withHosts(cluster.hosts().subList(0, count));
            List<ClusterHost> next = known.hosts().subList(count - 1, count);
            requireUp(new ClusterLauncher(known, home).up(next, progress).get(0));
        }
    }

    private ClusterFile withHosts(List<ClusterHost> hosts) {
        return new ClusterFile(
                cluster.name(),
                cluster.install(),
                cluster.distribution(),
                cluster.upTimeout(),
                cluster.downTimeout(),
                cluster.connectTimeout(),
                cluster.sshOptions(),
                hosts);
    }

    /** Starts one member that does not run, and that knows all others. */
    void up(String node) {
        requireUp(launcher.up(List.of(host(node)), (name, text) -> {}).get(0));
    }

    /**
     * Asks one member to leave, and waits until it has.
     *
     * @throws TestbedException when it had to be killed
     */
    void down(String node) {
        MemberReport report = launcher.down(List.of(host(node))).get(0);
        if (report.state() != MemberState.STOPPED) {
            throw new TestbedException("node " + node + " has not left: it was " + report.state() + ". "
                    + String.join(" ", report.notes()));
        }
    }

    private ClusterHost host(String node) {
        return cluster.hosts().stream()
                .filter(candidate -> candidate.name().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** How the members are. */
    List<MemberReport> status() {
        return launcher.status();
    }

    private static void requireUp(MemberReport report) {
        if (!report.state().isUp()) {
            throw new TestbedException("node " + report.name() + " is not up: " + report.reason()
                    + String.join(
                            "", report.log().stream().map(line -> "\n  " + line).toList()));
        }
    }
}
