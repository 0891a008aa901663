package dev.tandem.inference.runtime;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * CPUs of one kind that work as one, or an accelerator: what a core group's executor and its sessions are made from.
 *
 * @param name unique in a node; becomes part of thread names
 * @param cpus the operating system's CPU numbers, from 0; may be empty only if nothing is pinned
 * @param threads threads that compute together, the calling thread included
 * @param pin whether threads are held to {@code cpus}
 * @param controlGroups directories of Linux control groups that the threads join
 * @param provider what its sessions compute with; on another than that of CPUs the threads feed it, and compute what it
 *     leaves out
 */
public record CoreGroupSpec(
        String name, List<Integer> cpus, int threads, boolean pin, List<Path> controlGroups, ProviderChoice provider) {
    /** Checks the values and copies the lists. */
    public CoreGroupSpec {
        cpus = List.copyOf(cpus);
        controlGroups = List.copyOf(controlGroups);
        if (name.isBlank()) {
            throw new IllegalArgumentException("core group name (" + name + ") must not be blank.");
        }
        requireCpus(name, cpus, threads, pin);
    }

    /** CPUs whose threads join control groups. */
    public CoreGroupSpec(String name, List<Integer> cpus, int threads, boolean pin, List<Path> controlGroups) {
        this(name, cpus, threads, pin, controlGroups, ProviderChoice.CPU);
    }

    /** CPUs whose threads stay in the control groups of the process. */
    public CoreGroupSpec(String name, List<Integer> cpus, int threads, boolean pin) {
        this(name, cpus, threads, pin, List.of());
    }

    /** The same group with so many threads. */
    public CoreGroupSpec withThreads(int count) {
        return new CoreGroupSpec(name, cpus, count, pin, controlGroups, provider);
    }

    /** The same group where it is pinned, or is not. */
    public CoreGroupSpec withPin(boolean pinned) {
        return new CoreGroupSpec(name, cpus, threads, pinned, controlGroups, provider);
    }

    /** The same threads with another provider. */
    public CoreGroupSpec on(ProviderChoice other) {
        return new CoreGroupSpec(name, cpus, threads, pin, controlGroups, other);
    }

    /** Shared with session settings, which say the same of one session. */
    static void requireCpus(String owner, List<Integer> cpus, int threads, boolean pin) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads (" + threads + ") of " + owner + " must be at least 1.");
        }
        if (cpus.stream().anyMatch(cpu -> cpu < 0) || new HashSet<>(cpus).size() != cpus.size()) {
            throw new IllegalArgumentException(
                    "cpus (" + cpus + ") of " + owner + " must be different numbers, none below 0.");
        }
        if (pin && threads > cpus.size()) {
            throw new IllegalArgumentException("threads (" + threads + ") of " + owner + " must be at most its cpus ("
                    + cpus + ") when pinned. Maybe name more cpus or do not pin.");
        }
    }
}
