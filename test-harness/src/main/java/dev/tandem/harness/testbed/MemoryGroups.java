package dev.tandem.harness.testbed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups that limit the memory of the processes in them, as small boards would: what a process allocates and the
 * pages of files that it was the first to read.
 *
 * <p>They go at close, at the end of the process, and, should it be killed, when the next process makes some. A group goes
 * only when no process is left in it. Threading: one thread at a time.
 */
public final class MemoryGroups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryGroups.class);

    private final ControlGroupTree tree = ControlGroupTree.ofMachine();
    private final Map<String, OwnedName> groups = new LinkedHashMap<>();
    private final Thread shutdownHook = new Thread(this::remove, "memory-groups-shutdown");
    private boolean isRemoved;

    private MemoryGroups() {}

    /** Why none can be made here, in a sentence; empty when they can. */
    public static Optional<String> missing() {
        return ControlGroupTree.missingHere();
    }

    /**
     * Removes what killed processes have left, and makes a group for each name.
     *
     * @param names at most eight lower-case letters and digits each
     * @throws TestbedException when rights are missing or the kernel says no; nothing is left behind then
     */
    public static MemoryGroups create(List<String> names, long limitBytes) {
        missing().ifPresent(missing -> {
            throw new TestbedException(missing);
        });
        Leftovers.sweep();
        MemoryGroups made = new MemoryGroups();
        Runtime.getRuntime().addShutdownHook(made.shutdownHook);
        try {
            made.make(names, limitBytes);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** The end of the process waits for it before it removes what there is. */
    private synchronized void make(List<String> names, long limitBytes) {
        if (isRemoved) {
            throw new TestbedException("the process is ending: no control groups are made any more.");
        }
        for (String name : names) {
            OwnedName group = OwnedName.own(name);
            groups.put(name, group);
            tree.makeNode(group, limitBytes);
        }
    }

    /** A command that runs another in a group; it becomes that one, so that the process is the same. */
    public List<String> launchWith(String name) {
        return tree.launchWith(group(name));
    }

    /** The most that a group has held at once, pages of files included; bytes. */
    public long peakBytes(String name) {
        return tree.memoryPeak(group(name));
    }

    /** What its processes hold now that is not backed by a file; bytes. */
    public long anonymousBytes(String name) {
        return tree.memoryAnonymous(group(name));
    }

    /** Processes that the kernel has ended for want of memory. */
    public long kills(String name) {
        return tree.memoryKills(group(name));
    }

    private OwnedName group(String name) {
        OwnedName group = groups.get(name);
        if (group == null) {
            throw new IllegalArgumentException("no group " + name + "; there are " + groups.keySet() + ".");
        }
        return group;
    }

    /** Removes the groups; later calls have no effect. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook may remove the groups as well, which does no harm");
        }
        remove();
    }

    private synchronized void remove() {
        isRemoved = true;
        groups.values().forEach(tree::remove);
    }
}
