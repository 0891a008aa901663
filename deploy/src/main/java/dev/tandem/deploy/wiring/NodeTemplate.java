package dev.tandem.deploy.wiring;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a member of a {@link LocalCluster} is to be.
 *
 * @param name unique in the cluster
 * @param memoryBytes memory that model pieces may use, at least 1 MiB
 * @param coreGroups at least one
 */
public record NodeTemplate(String name, long memoryBytes, List<Group> coreGroups) {

    private static final long MIB = 1L << 20;
    private static final String LOOPBACK = "127.0.0.1";

    /**
     * A core group of the member.
     *
     * @param cpus CPU numbers of the operating system that the group is bound to
     * @param threads threads of one inference
     */
    public record Group(String name, List<Integer> cpus, int threads) {
        public Group {
            cpus = List.copyOf(cpus);
            if (cpus.isEmpty() || threads < 1) {
                throw new IllegalArgumentException("core group " + name + " must have at least one CPU (" + cpus
                        + ") and thread (" + threads + ").");
            }
        }
    }

    public NodeTemplate {
        coreGroups = List.copyOf(coreGroups);
        if (coreGroups.isEmpty()) {
            throw new IllegalArgumentException("node " + name + " must have at least one core group.");
        }
        if (memoryBytes < MIB) {
            throw new IllegalArgumentException(
                    "memory (" + memoryBytes + " bytes) of node " + name + " must be at least 1 MiB.");
        }
    }

    /**
     * Equal members {@code node-1} to {@code node-N} with one core group each. The CPUs are dealt out in turn; where
     * there are fewer than members, several members share one.
     *
     * @param cpus CPU numbers that this process may use
     * @param threads threads of one inference on each member
     */
    public static List<NodeTemplate> equal(int count, int threads, long memoryBytes, List<Integer> cpus) {
        return equal(count, 1, threads, memoryBytes, cpus);
    }

    /**
     * The same with several core groups each, which share CPUs where there are fewer than groups.
     *
     * @param groups core groups of each member
     * @param threads threads of one inference on each core group
     */
    public static List<NodeTemplate> equal(int count, int groups, int threads, long memoryBytes, List<Integer> cpus) {
        if (count < 1 || groups < 1) {
            throw new IllegalArgumentException(
                    "number of nodes (" + count + ") and of core groups of each (" + groups + ") must be at least 1.");
        }
        List<NodeTemplate> templates = new ArrayList<>();
        for (int node = 0; node < count; node++) {
            List<Group> own = new ArrayList<>();
            for (int group = 0; group < groups; group++) {
                String name = groups == 1 ? "cpu" : "cpu-" + (group + 1);
                own.add(new Group(name, share(cpus, node * groups + group, count * groups, threads), threads));
            }
            templates.add(new NodeTemplate("node-" + (node + 1), memoryBytes, own));
        }
        return List.copyOf(templates);
    }

    /**
     * Settings of this member, on a loopback port that is free. It loads ONNX Runtime from where this process does, rather
     * than unpack it into a folder that goes with the member.
     *
     * @param data its folder for parts of models
     * @param seed {@code host:port} of a member to join; empty to make a cluster of its own
     */
    Config settings(Path data, String seed) {
        List<Map<String, Object>> groups = coreGroups.stream()
                .map(group ->
                        Map.<String, Object>of("name", group.name(), "cpus", group.cpus(), "threads", group.threads()))
                .toList();
        Map<String, Object> node =
                Map.of("name", name, "data-directory", data.toString(), "memory", memoryBytes, "core-groups", groups);
        List<String> seeds = seed.isEmpty() ? List.of() : List.of(seed);
        Map<String, Object> network =
                Map.of("host", LOOPBACK, "bind-host", "", "port", 0, "tether-port", 0, "seeds", seeds);
        String libraries =
                NativeFiles.directory(SettingsLoader.load().settings()).toString();
        Map<String, Object> all =
                Map.of("node", node, "network", network, "runtime", Map.of("native-directory", libraries));
        return ConfigFactory.parseMap(Map.of("tandem", all), "member " + name);
    }

    /** As many CPUs as threads, from the core group's place in the round. */
    private static List<Integer> share(List<Integer> cpus, int place, int count, int threads) {
        List<Integer> own = new ArrayList<>();
        int wanted = Math.min(threads, cpus.size());
        int first = cpus.size() >= (long) count * wanted ? place * wanted : place;
        for (int index = 0; index < wanted; index++) {
            own.add(cpus.get((first + index) % cpus.size()));
        }
        return own;
    }
}
