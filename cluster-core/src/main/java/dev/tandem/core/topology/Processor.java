package dev.tandem.core.topology;

import java.util.List;

/**
 * The CPUs that a node's core groups and its transport share.
 *
 * @param machine name of what the CPUs are in: nodes that name the same one share them
 * @param cpus how many there are, those of no core group included
 * @param carrying what requests take of them beside computing
 */
public record Processor(String machine, int cpus, Carrying carrying) {

    public Processor {
        if (cpus < 1) {
            throw new IllegalArgumentException("CPUs (" + cpus + ") of machine " + machine + " must be at least 1");
        }
    }

    /** One with a CPU for each thread of the node's core groups and no more, where nothing is known of carrying. */
    static Processor of(String node, List<CoreGroup> groups) {
        return new Processor(
                node,
                Math.max(1, groups.stream().mapToInt(CoreGroup::cpuThreads).sum()),
                Carrying.NONE);
    }
}
