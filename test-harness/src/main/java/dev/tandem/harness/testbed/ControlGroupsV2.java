package dev.tandem.harness.testbed;

import static dev.tandem.harness.testbed.ControlGroupTree.numberAfter;
import static dev.tandem.harness.testbed.ControlGroupTree.numbers;
import static dev.tandem.harness.testbed.ControlGroupTree.read;
import static dev.tandem.harness.testbed.ControlGroupTree.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Version 2: one hierarchy. Core groups are threaded groups below that of their node, as only such can divide the threads of
 * a process.
 *
 * <p>Written after the kernel's documentation (admin-guide/cgroup-v2) and untested: no machine with it was at hand. A whole
 * test bed is refused, see {@link #missingForBed}; limits of memory alone are not.
 */
record ControlGroupsV2(Path root) implements ControlGroupTree {

    private static final String BELOW = "cgroup.subtree_control";
    private static final double MICROS_PER_SECOND = 1e6;

    static Optional<ControlGroupTree> in(Mounts mounts) {
        return mounts.unified()
                .filter(root -> Files.isReadable(root.resolve(BELOW)))
                .map(ControlGroupsV2::new);
    }

    /** The controllers of the root are the machine's to give: they are not switched on from here. */
    @Override
    public Optional<String> missing() {
        if (!Files.isWritable(root)) {
            return Optional.of("control groups in " + root + " cannot be made. Maybe run it as root.");
        }
        List<String> given = Arrays.asList(read(root.resolve(BELOW)).split(" ", -1));
        return Stream.of("cpu", "memory")
                .filter(controller -> !given.contains(controller))
                .findFirst()
                .map(controller -> "the controller '" + controller + "' is not given to the groups of " + root
                        + ". Maybe: echo '+cpu +memory' > " + root.resolve(BELOW));
    }

    /** The threads that calibrate are of this process, and a threaded group takes none from outside of its node. */
    @Override
    public Optional<String> missingForBed() {
        return Optional.of(
                "test beds need control groups of version 1, but those in " + root + " are of version 2, where"
                        + " core groups cannot be measured yet: their groups take threads of their own node's processes only."
                        + " Maybe start the machine with systemd.unified_cgroup_hierarchy=0, where its system still can.");
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void makeNode(OwnedName node, long memoryBytes) {
        ControlGroupTree.make(of(node));
        limitMemory(node, memoryBytes);
        Path swap = of(node).resolve("memory.swap.max");
        if (Files.exists(swap)) {
            write(swap, 0);
        }
    }

    @Override
    public void makeCoreGroup(OwnedName node, OwnedName group) {
        Path folder = of(node, group);
        ControlGroupTree.make(folder);
        write(folder.resolve("cgroup.type"), "threaded");
        write(of(node).resolve(BELOW), "+cpu");
    }

    /** Left out: the controller {@code cpuset} would have to be given to all groups in between. */
    @Override
    public void place(OwnedName group, List<Integer> cpus) {}

    @Override
    public List<Path> folders(OwnedName node, OwnedName group) {
        return List.of(of(node, group));
    }

    @Override
    public List<String> launchWith(OwnedName node) {
        return ControlGroupTree.joining(List.of(of(node).resolve("cgroup.procs")));
    }

    @Override
    public void limitCpu(OwnedName node, OwnedName group, CpuQuota quota) {
        write(of(node, group).resolve("cpu.max"), quota.quotaMicros() + " " + quota.periodMicros());
    }

    @Override
    public double cpuSeconds(OwnedName node, OwnedName group) {
        return numberAfter(of(node, group).resolve("cpu.stat"), "usage_usec") / MICROS_PER_SECOND;
    }

    @Override
    public List<Long> threads(OwnedName node, OwnedName group) {
        return numbers(of(node, group).resolve("cgroup.threads"));
    }

    @Override
    public void release(OwnedName node, long thread) {
        write(of(node).resolve("cgroup.threads"), thread);
    }

    @Override
    public void limitMemory(OwnedName node, long bytes) {
        write(of(node).resolve("memory.max"), bytes);
    }

    @Override
    public long memoryPeak(OwnedName node) {
        return Long.parseLong(read(of(node).resolve("memory.peak")));
    }

    @Override
    public long memoryAnonymous(OwnedName node) {
        return numberAfter(of(node).resolve("memory.stat"), "anon");
    }

    @Override
    public long memoryKills(OwnedName node) {
        return numberAfter(of(node).resolve("memory.events"), "oom_kill");
    }

    @Override
    public List<Long> processes(OwnedName node) {
        Path group = of(node);
        return Files.exists(group) ? numbers(group.resolve("cgroup.procs")) : List.of();
    }

    /** Those at the top; groups below go with them. */
    @Override
    public List<OwnedName> existing() {
        return folders(root);
    }

    private static List<OwnedName> folders(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .flatMap(child -> OwnedName.parse(child.getFileName().toString()).stream())
                    .toList();
        } catch (IOException e) {
            throw new TestbedException("the control groups in " + parent + " cannot be listed: " + e, e);
        }
    }

    @Override
    public void remove(OwnedName name) {
        Path group = of(name);
        if (Files.exists(group)) {
            folders(group).forEach(child -> ControlGroupTree.delete(group.resolve(child.toString())));
            ControlGroupTree.delete(group);
        }
    }

    private Path of(OwnedName node) {
        return root.resolve(node.toString());
    }

    private Path of(OwnedName node, OwnedName group) {
        return of(node).resolve(group.toString());
    }
}
