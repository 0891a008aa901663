package dev.tandem.harness.testbed;

import dev.tandem.deploy.launch.MemberReport;
import dev.tandem.harness.testbed.TestbedSpec.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unequal machines made of this one, with a cluster of real members on them: each in a network namespace of its own, with its
 * share of a CPU per core group, its memory and its link.
 *
 * <p>All of it goes at close, at the end of the process, and, should it be killed, when the next process makes a bed; what the
 * bed did not make is never touched. Who has only found a bed leaves it as it is at close. Thread-safe.
 */
public final class Testbed implements AutoCloseable {

    /** The name by which the client's place is called among the nodes. */
    public static final String CLIENT = "client";

    private static final Logger LOG = LoggerFactory.getLogger(Testbed.class);

    private final BedParts parts;
    private final BedCluster cluster;
    private final Calibration calibration;
    private final boolean isOwner;
    private final Thread shutdownHook = new Thread(this::remove, "testbed-shutdown");

    private Testbed(BedParts parts, BedCluster cluster, Calibration calibration, boolean isOwner) {
        this.parts = parts;
        this.cluster = cluster;
        this.calibration = calibration;
        this.isOwner = isOwner;
    }

    /**
     * Removes what killed processes have left, makes the machines and starts the members.
     *
     * @param home of the program that members run: {@code bin/tandem} is in it
     * @param progress hears the name of a node, or of the bed, and what is done, on several threads
     * @return when all members are up and measured
     * @throws TestbedException when rights are missing, the machine is too small, or something fails; nothing is left
     *     behind then
     */
    public static Testbed start(TestbedSpec spec, Path home, BiConsumer<String, String> progress) {
        return start(spec, home, progress, false);
    }

    /** @param keeper whether this process exists for the bed only */
    static Testbed start(TestbedSpec spec, Path home, BiConsumer<String, String> progress, boolean keeper) {
        TestbedRights.requireAll(spec);
        Leftovers.sweep();
        BedParts parts = new BedParts(spec, BedNames.next());
        try (Making making = Making.begin(parts::remove)) {
            return made(parts, home, progress, keeper, making);
        }
    }

    private static Testbed made(
            BedParts parts, Path home, BiConsumer<String, String> progress, boolean keeper, Making making) {
        try {
            Calibration calibration = parts.make(progress, making);
            parts.watch();
            BedCluster cluster = new BedCluster(parts.folder(), home);
            cluster.up(progress, making);
            new BedRecord(parts.spec(), calibration, home.toString(), keeper).write(parts.folder());
            Testbed bed = new Testbed(parts, cluster, calibration, true);
            Runtime.getRuntime().addShutdownHook(bed.shutdownHook);
            return bed;
        } catch (RuntimeException e) {
            try {
                parts.remove();
            } catch (RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /**
     * A bed that some process keeps up; empty when there is none.
     *
     * @param fileOrName the file that it was made from, or its name
     * @throws dev.tandem.config.SettingsException when there is such a file with something wrong in it
     */
    public static Optional<Testbed> find(String fileOrName) {
        return LivingBed.all().stream()
                .filter(bed -> bed.isCalled(fileOrName))
                .findFirst()
                .map(Testbed::found);
    }

    static Testbed found(LivingBed bed) {
        BedRecord record = bed.record();
        BedParts parts = new BedParts(record.spec(), bed.names());
        return new Testbed(parts, new BedCluster(parts.folder(), Path.of(record.home())), record.calibration(), false);
    }

    /** What it was made from. */
    public TestbedSpec spec() {
        return parts.spec();
    }

    /** The nodes in the order of the file. */
    public List<BedNode> nodes() {
        List<BedNode> nodes = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < spec().nodes().size(); i++) {
            Node node = spec().nodes().get(i);
            int end = next + node.groups().size();
            nodes.add(new BedNode(
                    node.name(),
                    BedNetwork.address(i + 1),
                    parts.network().namespace(i + 1),
                    calibration.groups().subList(next, end),
                    node.memoryBytes(),
                    spec().linkOf(node)));
            next = end;
        }
        return nodes;
    }

    /** Number of the process that made it. */
    public long owner() {
        return parts.owner();
    }

    /** Namespace of the place from which clients use the cluster. */
    public String clientNamespace() {
        return parts.network().namespace(BedNetwork.CLIENT);
    }

    /** The cluster file of the members, for the option {@code --cluster} of commands in the client's namespace. */
    public Path clusterFile() {
        return cluster.file();
    }

    /** Folder of the bed: members' settings, logs and weights. It goes with the bed. */
    public Path folder() {
        return parts.folder();
    }

    /** How near the core groups were to their shares before the members were started. */
    public Calibration calibration() {
        return calibration;
    }

    /** Adjusts the quotas again; the members must be idle. */
    public Calibration calibrate() {
        return parts.calibrate();
    }

    /** A process to be started in the client's namespace: it reaches all members, and nothing else. */
    public ProcessBuilder client(String... command) {
        return new ProcessBuilder(Namespaces.inside(parts.network().namespace(BedNetwork.CLIENT), List.of(command)));
    }

    /** The most that a node has held at once, pages of files included; bytes. */
    public long memoryPeak(String node) {
        return parts.tree().memoryPeak(parts.name(node));
    }

    /** What a node holds now that is not backed by a file; bytes. */
    public long memoryAnonymous(String node) {
        return parts.tree().memoryAnonymous(parts.name(node));
    }

    /** Processes of a node that the kernel has ended for want of memory. */
    public long memoryKills(String node) {
        return parts.tree().memoryKills(parts.name(node));
    }

    /** CPU time that the threads of a core group have had since the bed was made; seconds. */
    public double cpuSeconds(String node, String group) {
        return parts.tree().cpuSeconds(parts.name(node), parts.name(node, group));
    }

    /** Threads of a core group now, as the operating system counts them. */
    public List<Long> threads(String node, String group) {
        return parts.tree().threads(parts.name(node), parts.name(node, group));
    }

    /** How the members are. */
    public List<MemberReport> members() {
        return cluster.status();
    }

    /** What the member of a node says, since it was started last. */
    public Path log(String node) {
        spec().node(node);
        return cluster.log(node);
    }

    /** Processes of a node now; empty when its member has died. */
    public List<ProcessHandle> processes(String node) {
        return parts.tree().processes(parts.name(node)).stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .toList();
    }

    /** Ends the member of a node at once, without a word to anyone (SIGKILL), and returns when it is gone. */
    public void kill(String node) {
        parts.kill(node);
    }

    /**
     * Asks the member of a node to leave (SIGTERM), and returns when it is gone.
     *
     * @throws TestbedException when it does not leave and is killed
     */
    public void leave(String node) {
        spec().node(node);
        cluster.down(node);
    }

    /** Makes the member of a node stand still (SIGSTOP) until {@link #resume}. */
    public void stop(String node) {
        parts.signal(node, "STOP");
    }

    /** Lets a member that stood still go on (SIGCONT). */
    public void resume(String node) {
        parts.signal(node, "CONT");
    }

    /** Starts the member of a node that has none, and returns when it is up and measured. */
    public void restart(String node) {
        spec().node(node);
        cluster.up(node);
    }

    /**
     * Gives a core group another share of a CPU from now on, corrected as its first one was.
     *
     * @throws IllegalArgumentException when there is no such core group, or the share cannot be given
     */
    public void share(String node, String group, double share) {
        double correction = calibration.groups().stream()
                .filter(known -> known.node().equals(node) && known.group().equals(group))
                .mapToDouble(known -> (double) known.quotaMicros() / known.periodMicros() / known.asked())
                .findFirst()
                .orElse(1);
        parts.tree().limitCpu(parts.name(node), parts.name(node, group), CpuQuota.of(share * correction));
    }

    /** Numbers of the CPUs that core groups have parts of: those that do nothing else, where there are such, or all. */
    public List<Integer> computingCpus() {
        return CpuPlaces.of(spec()).map(CpuPlaces::computing).orElseGet(CpuPlaces::available);
    }

    /** Lets every core group compute as fast as it can, for what is not to be measured, until {@link #holdToShares}. */
    public void liftShares() {
        parts.mix();
        calibration.groups().forEach(group -> limit(group, CpuQuota.of(1)));
    }

    /** Holds every core group to its share again, as it was when the bed was made. */
    public void holdToShares() {
        calibration.groups().forEach(group -> limit(group, new CpuQuota(group.quotaMicros(), group.periodMicros())));
        parts.separate();
    }

    private void limit(Calibration.Share group, CpuQuota quota) {
        parts.tree().limitCpu(parts.name(group.node()), parts.name(group.node(), group.group()), quota);
    }

    /** Gives a node, or {@link #CLIENT}, another rate of its link from now on, in both directions. */
    public void linkRate(String node, LinkShape rate) {
        parts.network().shapeLink(parts.place(node), rate);
    }

    /**
     * Gives the shared medium another rate from now on.
     *
     * @throws IllegalArgumentException when the network is switched
     */
    public void mediumRate(LinkShape rate) {
        if (spec().network().medium() != TestbedSpec.Medium.SHARED) {
            throw new IllegalArgumentException(
                    "the network is switched and has no medium. Maybe change the links of its nodes.");
        }
        parts.network().shapeMedium(rate);
    }

    /**
     * Loses all packets between some nodes and others, in both directions and without a word, until {@link #heal()}.
     *
     * @param some names of nodes, or {@link #CLIENT}
     */
    public void cut(Set<String> some, Set<String> others) {
        parts.network().cut(places(some), places(others));
    }

    /** Ends all cuts. */
    public void heal() {
        parts.network().heal();
    }

    /** Gives a node another limit of its memory; one below what it holds makes the kernel take pages away at once. */
    public void memoryLimit(String node, long bytes) {
        parts.tree().limitMemory(parts.name(node), bytes);
    }

    /** Adds text to the settings file of a node, which its member notices by itself. */
    public void addSettings(String node, String text) {
        spec().node(node);
        cluster.addSettings(node, text);
    }

    private Set<Integer> places(Set<String> names) {
        Set<Integer> places = new HashSet<>();
        names.forEach(name -> places.add(parts.place(name)));
        return places;
    }

    /** Ends the members and removes all that the bed has made; later calls have no effect. */
    @Override
    public void close() {
        if (isOwner) {
            remove();
            removeHook(shutdownHook);
        }
    }

    private void remove() {
        parts.remove();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook may remove the bed as well, which does no harm");
        }
    }
}
