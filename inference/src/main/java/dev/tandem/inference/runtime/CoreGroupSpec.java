package dev.tandem.inference.runtime;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * CPUs of one kind that work as one: what a core group's executor and its sessions are made from.
 *
 * @param name unique in a node; becomes part of thread names
 * @param cpus the operating system's CPU numbers, from 0; may be empty only if nothing is pinned
 * @param threads threads that compute together, the calling thread included
 * @param pin whether threads are held to {@code cpus}
 * @param controlGroups directories of Linux control groups that the threads join
 */
public record CoreGroupSpec(String name, List<Integer> cpus, int threads, boolean pin, List<Path> controlGroups) {
    /** Checks the values and copies the lists. */
    public CoreGroupSpec {
        cpus = List.copyOf(cpus);
        controlGroups = List.copyOf(controlGroups);
        if (name.isBlank()) {
            throw new IllegalArgumentException("core group name (" + name + ") must not be blank.");
        }
        requireCpus(name, cpus, threads, pin);
    }

    /** A core group whose threads stay in the control groups of the process. */
    public CoreGroupSpec(String name, List<Integer> cpus, int threads, boolean pin) {
        this(name, cpus, threads, pin, List.of());
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
