package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups that limit the memory of the processes in them, as small boards would: what a process allocates and the
 * pages of files that it was the first to read. Version 1 of the kernel's control groups.
 *
 * <p>They go at close, at the end of the process, and, should it be killed, when the next process makes some. A group goes
 * only when no process is left in it. Threading: one thread at a time.
 */
public final class MemoryGroups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryGroups.class);
    private static final Path MOUNT = Path.of("/sys/fs/cgroup/memory");

    private final Map<String, Path> groups = new LinkedHashMap<>();
    private final Thread shutdownHook = new Thread(this::remove, "memory-groups-shutdown");

    private MemoryGroups() {}

    /** Why none can be made here, in a sentence; empty when they can. */
    public static Optional<String> missing() {
        if (!Files.exists(MOUNT.resolve("memory.limit_in_bytes"))) {
            return Optional.of("there is no memory control group (version 1) at " + MOUNT + ".");
        }
        return Files.isWritable(MOUNT)
                ? Optional.empty()
                : Optional.of("control groups in " + MOUNT + " cannot be made. Maybe run it as root.");
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
        sweep();
        MemoryGroups made = new MemoryGroups();
        Runtime.getRuntime().addShutdownHook(made.shutdownHook);
        try {
            for (String name : names) {
                made.make(name, limitBytes);
            }
            return made;
        } catch (IOException e) {
            made.close();
            throw new TestbedException("a control group cannot be made: " + e, e);
        }
    }

    private void make(String name, long limitBytes) throws IOException {
        Path group = MOUNT.resolve(OwnedName.own(name).toString());
        Files.createDirectory(group);
        groups.put(name, group);
        Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(limitBytes));
    }

    /** Removes the groups of processes that are gone, and no others. */
    static void sweep() {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(MOUNT, Files::isDirectory)) {
            for (Path group : children) {
                if (OwnedName.parse(group.getFileName().toString())
                        .filter(OwnedName::isAbandoned)
                        .isPresent()) {
                    remove(group);
                }
            }
        } catch (IOException e) {
            throw new TestbedException("the control groups in " + MOUNT + " cannot be listed: " + e, e);
        }
    }

    /** A command that runs another in a group; it becomes that one, so that the process is the same. */
    public List<String> launchWith(String name) {
        return List.of("sh", "-c", "echo 0 > \"$0\" && exec \"$@\"", group(name).resolve("tasks") + "");
    }

    /** The most that a group has held at once, pages of files included; bytes. */
    public long peakBytes(String name) {
        return Long.parseLong(read(name, "memory.max_usage_in_bytes").strip());
    }

    /** What its processes hold now that is not backed by a file; bytes. */
    public long anonymousBytes(String name) {
        return valueOf(name, "memory.stat", "rss ");
    }

    /** Processes that the kernel has ended for want of memory. */
    public long kills(String name) {
        return valueOf(name, "memory.oom_control", "oom_kill ");
    }

    private long valueOf(String name, String file, String key) {
        return read(name, file)
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.substring(key.length())))
                .findFirst()
                .orElseThrow(() -> new TestbedException(
                        "no '" + key.strip() + "' in " + group(name).resolve(file)));
    }

    private String read(String name, String file) {
        try {
            return Files.readString(group(name).resolve(file));
        } catch (IOException e) {
            throw new TestbedException("control group of " + name + " cannot be read: " + e, e);
        }
    }

    private Path group(String name) {
        Path group = groups.get(name);
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
        groups.values().forEach(MemoryGroups::remove);
    }

    /** One that stays is no reason to leave the others, and is found again at the next start. */
    private static void remove(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            LOG.warn("control group {} stays: {}", group, e.toString());
        }
    }
}
