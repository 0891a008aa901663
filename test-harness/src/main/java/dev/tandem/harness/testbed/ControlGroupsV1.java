package dev.tandem.harness.testbed;

import static dev.tandem.harness.testbed.ControlGroupTree.numberAfter;
import static dev.tandem.harness.testbed.ControlGroupTree.numbers;
import static dev.tandem.harness.testbed.ControlGroupTree.read;
import static dev.tandem.harness.testbed.ControlGroupTree.write;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Version 1: a hierarchy per controller. Nodes are groups of {@code memory} and {@code cpu}, core groups of {@code cpu} and
 * {@code cpuacct}, which may be one hierarchy, beside those of their nodes. What is placed on some of the CPUs, of either kind, is a group of {@code cpuset} as well.
 */
record ControlGroupsV1(Path cpu, Path account, Path memory, Optional<Path> cpuset) implements ControlGroupTree {

    private static final double NANOS_PER_SECOND = 1e9;

    static Optional<ControlGroupTree> in(Mounts mounts) {
        return mounts.controller("cpu")
                .flatMap(cpu -> mounts.controller("cpuacct").flatMap(account -> mounts.controller("memory")
                        .map(memory -> new ControlGroupsV1(cpu, account, memory, mounts.controller("cpuset")))));
    }

    @Override
    public Optional<String> missing() {
        return hierarchies()
                .filter(mount -> !Files.isWritable(mount))
                .findFirst()
                .map(mount -> "control groups in " + mount + " cannot be made. Maybe run it as root.");
    }

    @Override
    public Optional<String> missingForBed() {
        return missing();
    }

    @Override
    public int version() {
        return 1;
    }

    private Stream<Path> hierarchies() {
        return Stream.concat(Stream.of(cpu, account, memory), cpuset.stream()).distinct();
    }

    /** What a node does beside computing shares the CPU with that of others as with one thread, however many it has. */
    @Override
    public void makeNode(OwnedName node, long memoryBytes) {
        ControlGroupTree.make(of(cpu, node));
        ControlGroupTree.make(of(memory, node));
        limitMemory(node, memoryBytes);
        write(of(memory, node).resolve("memory.swappiness"), 0);
    }

    @Override
    public void makeCoreGroup(OwnedName node, OwnedName group) {
        Stream.of(cpu, account).distinct().map(mount -> of(mount, group)).forEach(ControlGroupTree::make);
    }

    /** A new group has neither CPUs nor memory nodes, and takes no thread until it has both. */
    @Override
    public void place(OwnedName group, List<Integer> cpus) {
        cpuset.ifPresent(mount -> {
            Path folder = of(mount, group);
            if (!Files.exists(folder)) {
                ControlGroupTree.make(folder);
                write(folder.resolve("cpuset.mems"), read(mount.resolve("cpuset.mems")));
            }
            write(
                    folder.resolve("cpuset.cpus"),
                    cpus.stream().map(String::valueOf).collect(Collectors.joining(",")));
        });
    }

    /** Where a group is placed, if it is. */
    private Stream<Path> placed(OwnedName group) {
        return cpuset.map(mount -> of(mount, group)).filter(Files::exists).stream();
    }

    @Override
    public List<Path> folders(OwnedName node, OwnedName group) {
        return Stream.concat(Stream.of(cpu, account).distinct().map(mount -> of(mount, group)), placed(group))
                .toList();
    }

    @Override
    public List<String> launchWith(OwnedName node) {
        return ControlGroupTree.joining(Stream.concat(Stream.of(of(memory, node), of(cpu, node)), placed(node))
                .map(group -> group.resolve("tasks"))
                .toList());
    }

    /** First without a limit: the kernel refuses a period with which the old quota would be too small. */
    @Override
    public void limitCpu(OwnedName node, OwnedName group, CpuQuota quota) {
        write(of(cpu, group).resolve("cpu.cfs_quota_us"), -1);
        write(of(cpu, group).resolve("cpu.cfs_period_us"), quota.periodMicros());
        write(of(cpu, group).resolve("cpu.cfs_quota_us"), quota.quotaMicros());
    }

    @Override
    public double cpuSeconds(OwnedName node, OwnedName group) {
        return Long.parseLong(read(of(account, group).resolve("cpuacct.usage"))) / NANOS_PER_SECOND;
    }

    @Override
    public List<Long> threads(OwnedName node, OwnedName group) {
        return numbers(of(cpu, group).resolve("tasks"));
    }

    @Override
    public void release(OwnedName node, long thread) {
        Stream<Path> groups = account.equals(cpu) ? Stream.of(of(cpu, node)) : Stream.of(of(cpu, node), account);
        Stream.concat(groups, placed(node)).forEach(group -> write(group.resolve("tasks"), thread));
    }

    @Override
    public void limitMemory(OwnedName node, long bytes) {
        write(of(memory, node).resolve("memory.limit_in_bytes"), bytes);
    }

    @Override
    public long memoryPeak(OwnedName node) {
        return Long.parseLong(read(of(memory, node).resolve("memory.max_usage_in_bytes")));
    }

    @Override
    public long memoryAnonymous(OwnedName node) {
        return numberAfter(of(memory, node).resolve("memory.stat"), "rss");
    }

    @Override
    public long memoryKills(OwnedName node) {
        return numberAfter(of(memory, node).resolve("memory.oom_control"), "oom_kill");
    }

    @Override
    public List<Long> processes(OwnedName node) {
        Path group = of(memory, node);
        return Files.exists(group) ? numbers(group.resolve("cgroup.procs")) : List.of();
    }

    @Override
    public List<OwnedName> existing() {
        TreeSet<String> names = new TreeSet<>();
        hierarchies().forEach(mount -> names.addAll(ownedIn(mount)));
        return names.stream().flatMap(name -> OwnedName.parse(name).stream()).toList();
    }

    private static List<String> ownedIn(Path mount) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(mount, OwnedName.PREFIX + "*")) {
            return Stream.iterate(children.iterator(), i -> i.hasNext(), i -> i)
                    .map(i -> i.next().getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new TestbedException("the control groups in " + mount + " cannot be listed: " + e, e);
        }
    }

    /** Without its limit first: threads that are ending would wait for their next quota. */
    @Override
    public void remove(OwnedName name) {
        Path limit = of(cpu, name).resolve("cpu.cfs_quota_us");
        if (Files.exists(limit)) {
            write(limit, -1);
        }
        hierarchies().map(mount -> of(mount, name)).forEach(ControlGroupTree::delete);
    }

    private static Path of(Path mount, OwnedName name) {
        return mount.resolve(name.toString());
    }
}
