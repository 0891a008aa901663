package dev.tandem.inference.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Linux control groups that a core group's threads belong to, so that the kernel limits or counts the group by itself. */
public final class ControlGroups {

    /** Lists the threads of a group: in version 1 of the kernel's control groups, and in version 2. */
    private static final List<String> THREAD_LISTS = List.of("tasks", "cgroup.threads");

    /** Stands for whoever writes. */
    private static final String CALLING_THREAD = "0";

    private ControlGroups() {}

    /**
     * Why the threads of a core group could not join its control groups, in a sentence; empty when they can.
     *
     * @param spec of the core group
     */
    public static Optional<String> problem(CoreGroupSpec spec) {
        return spec.controlGroups().stream()
                .filter(group -> threadList(group).isEmpty())
                .findFirst()
                .map(group -> "control group " + group + " of core group " + spec.name()
                        + " must be a directory with a file 'tasks' or 'cgroup.threads' that this process may write."
                        + " Maybe make the control group first.");
    }

    /**
     * Makes the calling thread a member of them; threads that it starts afterwards, in Java or in native code, are members
     * too.
     *
     * @throws IllegalStateException when the kernel says no: without its limit the thread would pass for what it is not
     */
    static void join(CoreGroupSpec spec) {
        for (Path group : spec.controlGroups()) {
            Path threads = threadList(group)
                    .orElseThrow(() -> new IllegalStateException(problem(spec).orElseThrow()));
            try {
                Files.writeString(threads, CALLING_THREAD);
            } catch (IOException e) {
                throw new IllegalStateException(
                        "core group " + spec.name() + " cannot join control group " + group + ": " + e.getMessage()
                                + ".",
                        e);
            }
        }
    }

    private static Optional<Path> threadList(Path group) {
        return THREAD_LISTS.stream()
                .map(group::resolve)
                .filter(Files::isWritable)
                .findFirst();
    }
}
