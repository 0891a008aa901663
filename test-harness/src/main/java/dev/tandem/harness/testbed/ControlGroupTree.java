package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * The kernel's control groups as a test bed needs them: one per node that limits the memory of its processes, and in it one
 * per core group that limits and counts the CPU time of its threads. Every group is known by its {@link OwnedName}, and
 * nothing is kept beside the kernel. Thread-safe.
 */
interface ControlGroupTree {

    /** How long a group may take to become empty. */
    Duration EMPTYING = Duration.ofSeconds(3);

    /** Between two attempts. */
    int PAUSE_MILLIS = 20;

    /** What to say where nothing is mounted. */
    String NONE = "no control groups for cpu, cpuacct and memory are mounted, of version 1 or 2."
            + " Maybe mount them: mount -t cgroup -o memory memory /sys/fs/cgroup/memory.";

    /**
     * That of this machine: version 1 where it is mounted, else version 2.
     *
     * @throws TestbedException when there is none
     */
    static ControlGroupTree ofMachine() {
        return find().orElseThrow(() -> new TestbedException(NONE));
    }

    /** Why groups cannot be made on this machine, in a sentence; empty when they can. */
    static Optional<String> missingHere() {
        return find().map(ControlGroupTree::missing).orElse(Optional.of(NONE));
    }

    /** Why a whole test bed cannot be made on this machine, in a sentence; empty when it can. */
    static Optional<String> missingForBedHere() {
        return find().map(ControlGroupTree::missingForBed).orElse(Optional.of(NONE));
    }

    /** That of this machine, or empty when there is none. */
    static Optional<ControlGroupTree> find() {
        Mounts mounts = Mounts.ofProcess();
        return ControlGroupsV1.in(mounts).or(() -> ControlGroupsV2.in(mounts));
    }

    /** Why groups cannot be made here, in a sentence; empty when they can. */
    Optional<String> missing();

    /** The same for groups of threads, too. */
    Optional<String> missingForBed();

    /** 1 or 2. */
    int version();

    /** Makes the group of a node's processes. */
    void makeNode(OwnedName node, long memoryBytes);

    /** Makes the group of a core group's threads, without a limit. */
    void makeCoreGroup(OwnedName node, OwnedName group);

    /**
     * On which CPUs the threads of a node's processes, or of a core group, run from now on; until then, and where the kernel
     * has no such groups, on all.
     */
    void place(OwnedName group, List<Integer> cpus);

    /** The folders that the threads of a core group join. */
    List<Path> folders(OwnedName node, OwnedName group);

    /** A command that runs another in the group of a node; it becomes that one, so that the process is the same. */
    List<String> launchWith(OwnedName node);

    void limitCpu(OwnedName node, OwnedName group, CpuQuota quota);

    /** CPU time that the threads of a core group have had since it was made; seconds. */
    double cpuSeconds(OwnedName node, OwnedName group);

    /** Threads that are in a core group now. */
    List<Long> threads(OwnedName node, OwnedName group);

    /** Takes a thread out of the core group that it is in; it stays in its node. */
    void release(OwnedName node, long thread);

    void limitMemory(OwnedName node, long bytes);

    /** The most that a node has held at once, pages of files included; bytes. */
    long memoryPeak(OwnedName node);

    /** What a node holds now that is not backed by a file; bytes. */
    long memoryAnonymous(OwnedName node);

    /** Processes that the kernel has ended for want of memory. */
    long memoryKills(OwnedName node);

    /** Processes of a node now. */
    List<Long> processes(OwnedName node);

    /** Names of all groups that are a test bed's, whoever's. */
    List<OwnedName> existing();

    /** Removes what there is of a group, which must be empty; one that stays is found again at the next start. */
    void remove(OwnedName name);

    /** The command that writes its process into lists of processes and becomes another. */
    static List<String> joining(List<Path> lists) {
        String writes =
                lists.stream().map(list -> "echo 0 > '" + list + "' && ").collect(Collectors.joining());
        return List.of("sh", "-c", writes + "exec \"$@\"", "sh");
    }

    static void write(Path file, Object value) {
        try {
            Files.writeString(file, value.toString());
        } catch (IOException e) {
            throw new TestbedException("'" + value + "' cannot be written to " + file + ": " + e.getMessage() + ".", e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new TestbedException("control group cannot be read: " + e, e);
        }
    }

    /** The number that follows a key in a file of lines. */
    static long numberAfter(Path file, String key) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new TestbedException("no '" + key + "' in " + file));
    }

    static List<Long> numbers(Path file) {
        return read(file).lines().map(Long::parseLong).toList();
    }

    /** Removes an empty group. Threads that have ended stay in it until the kernel has let them go, which takes a moment. */
    static void delete(Path group) {
        long end = System.nanoTime() + EMPTYING.toNanos();
        while (true) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !pause()) {
                    LoggerFactory.getLogger(ControlGroupTree.class)
                            .warn("control group {} stays: {}", group, e.toString());
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static void make(Path group) {
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            throw new TestbedException("a control group cannot be made: " + e, e);
        }
    }
}
