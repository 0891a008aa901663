package dev.tandem.core.topology;

import java.util.List;
import java.util.Optional;

/**
 * CPUs of one kind in one node, or one GPU: the unit that runs a shard.
 *
 * @param cpus operating-system CPU numbers; empty when the group is not bound to particular ones
 * @param threads threads that one inference uses
 * @param multiplyAddsPerSecond measured rate on a reference workload
 * @param power absent where it is not known
 */
public record CoreGroup(
        CoreGroupId id,
        Kind kind,
        List<Integer> cpus,
        int threads,
        double multiplyAddsPerSecond,
        Optional<Power> power) {

    /** What does the arithmetic. */
    public enum Kind {
        CPU,
        /** A GPU, or another accelerator beside the CPUs. */
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

    /** A core group of unknown power. */
    public CoreGroup(CoreGroupId id, Kind kind, List<Integer> cpus, int threads, double multiplyAddsPerSecond) {
        this(id, kind, cpus, threads, multiplyAddsPerSecond, Optional.empty());
    }

    /** The same core group at another rate. */
    CoreGroup at(double rate) {
        return new CoreGroup(id, kind, cpus, threads, rate, power);
    }

    /** CPUs that it keeps busy while it computes. */
    public int cpuThreads() {
        return kind == Kind.CPU ? threads : 0;
    }
}
