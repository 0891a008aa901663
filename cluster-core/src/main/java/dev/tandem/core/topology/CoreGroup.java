package dev.tandem.core.topology;

import java.util.List;

/**
 * CPUs of one kind in one node, or one GPU: the unit that runs a shard.
 *
 * @param cpus operating-system CPU numbers; empty when the group is not bound to particular ones
 * @param threads threads that one inference uses
 * @param multiplyAddsPerSecond measured rate on a reference workload
 */
public record CoreGroup(CoreGroupId id, Kind kind, List<Integer> cpus, int threads, double multiplyAddsPerSecond) {

    /** What does the arithmetic. */
    public enum Kind {
        CPU,
        GPU
    }

    public CoreGroup {
        cpus = List.copyOf(cpus);
        if (threads < 1) {
            throw new IllegalArgumentException("threads (" + threads + ") of core group " + id + " must be at least 1");
        }
        if (!(multiplyAddsPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "rate (" + multiplyAddsPerSecond + ") of core group " + id + " must be above 0");
        }
    }
}
