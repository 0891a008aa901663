package dev.tandem.deploy.wiring;

import java.util.ArrayList;
import java.util.List;

/**
 * What a member of a {@link LocalCluster} is to be.
 *
 * @param name unique in the cluster
 * @param memoryBytes memory that model pieces may use, at least 1 MiB
 * @param coreGroups at least one
 */
public record NodeTemplate(String name, long memoryBytes, List<Group> coreGroups) {

    private static final long MIB = 1L << 20;

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
        if (count < 1) {
            throw new IllegalArgumentException("number of nodes (" + count + ") must be at least 1.");
        }
        List<NodeTemplate> templates = new ArrayList<>();
        for (int node = 0; node < count; node++) {
            List<Integer> own = share(cpus, node, count, threads);
            templates.add(new NodeTemplate("node-" + (node + 1), memoryBytes, List.of(new Group("cpu", own, threads))));
        }
        return List.copyOf(templates);
    }

    /** As many CPUs as threads, from the node's place in the round. */
    private static List<Integer> share(List<Integer> cpus, int node, int count, int threads) {
        List<Integer> own = new ArrayList<>();
        int wanted = Math.min(threads, cpus.size());
        int first = cpus.size() >= (long) count * wanted ? node * wanted : node;
        for (int index = 0; index < wanted; index++) {
            own.add(cpus.get((first + index) % cpus.size()));
        }
        return own;
    }
}
