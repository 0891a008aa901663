package dev.tandem.harness.testbed;

import dev.tandem.harness.testbed.TestbedSpec.Group;
import dev.tandem.harness.testbed.TestbedSpec.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a test bed is made of, the members apart: a folder, control groups, a network. */
final class BedParts {

    private static final long LEAST_WINDOW_MILLIS = 1000;

    /** CPU time that a core group has in a window, in which a quota and a tick more or less, 5 ms, are little. */
    private static final double CPU_MILLIS_OF_WINDOW = 200;

    private static final int MOST_ROUNDS = 5;

    /** By this name progress speaks of the bed itself. */
    static final String BED = "bed";

    /** Read by the launch scripts. */
    private static final String JAVA_OPTIONS = "TANDEM_JAVA_OPTS";

    private static final long SMALL_MEMORY = 1L << 30;
    private static final long HEAPS_PER_MEMORY = 4;

    private final TestbedSpec spec;
    private final BedNames names;
    private final ControlGroupTree tree = ControlGroupTree.ofMachine();

    private @Nullable StrayThreads watcher;

    BedParts(TestbedSpec spec, BedNames names) {
        this.spec = spec;
        this.names = names;
    }

    TestbedSpec spec() {
        return spec;
    }

    long owner() {
        return names.folder().pid();
    }

    ControlGroupTree tree() {
        return tree;
    }

    BedNetwork network() {
        return new BedNetwork(names, spec.nodes().size());
    }

    Path folder() {
        return BedFolders.of(names.folder());
    }

    /** Makes all of it, and writes the cluster file. */
    Calibration make(BiConsumer<String, String> progress, Making making) {
        Path folder = BedFolders.make(names.folder());
        progress.accept(BED, "making the network of " + spec.nodes().size() + " nodes");
        network().make();
        making.requireGoingOn();
        network().shape(spec.network(), spec.nodes().stream().map(spec::linkOf).toList());
        for (int node = 0; node < spec.nodes().size(); node++) {
            making.requireGoingOn();
            makeGroups(node);
        }
        progress.accept(BED, "measuring core groups until they are as fast as asked");
        Calibration calibration = calibrate();
        making.requireGoingOn();
        progress.accept(BED, "looking for the archive of classes that members start from");
        BedCluster.write(folder, spec, new Placement(MachineHomes.under(folder)));
        return calibration;
    }

    private void makeGroups(int index) {
        tree.makeNode(names.node(index), spec.nodes().get(index).memoryBytes());
        targets(index).forEach(target -> tree.makeCoreGroup(target.nodeName(), target.name()));
        CpuPlaces.of(spec).ifPresent(cpus -> place(index, cpus.carrying(), cpus.computing()));
    }

    private List<Calibrator.Target> targets(int index) {
        Node node = spec.nodes().get(index);
        return IntStream.range(0, node.groups().size())
                .mapToObj(i -> new Calibrator.Target(
                        node.name(),
                        names.node(index),
                        names.group(index, i),
                        node.groups().get(i)))
                .toList();
    }

    private void place(int index, List<Integer> carrying, List<Integer> computing) {
        tree.place(names.node(index), carrying);
        targets(index).forEach(target -> tree.place(target.name(), computing));
    }

    /** Lets everything run on every CPU. */
    void mix() {
        CpuPlaces.of(spec).ifPresent(cpus -> placeAll(cpus.all(), cpus.all()));
    }

    /** What computes on CPUs of its own, where there are enough. */
    void separate() {
        CpuPlaces.of(spec).ifPresent(cpus -> placeAll(cpus.carrying(), cpus.computing()));
    }

    private void placeAll(List<Integer> carrying, List<Integer> computing) {
        IntStream.range(0, spec.nodes().size()).forEach(index -> place(index, carrying, computing));
    }

    Calibration calibrate() {
        List<Calibrator.Target> targets = targets();
        return new Calibrator(tree, window(targets), MOST_ROUNDS).run(targets);
    }

    private static Duration window(List<Calibrator.Target> targets) {
        double least = targets.stream()
                .mapToDouble(target -> target.group().share())
                .min()
                .orElse(1);
        return Duration.ofMillis(Math.max(LEAST_WINDOW_MILLIS, Math.round(CPU_MILLIS_OF_WINDOW / least)));
    }

    private List<Calibrator.Target> targets() {
        return IntStream.range(0, spec.nodes().size())
                .mapToObj(this::targets)
                .flatMap(List::stream)
                .toList();
    }

    /** Keeps other threads out of the core groups from now on. */
    synchronized void watch() {
        watcher = new StrayThreads(tree, targets());
    }

    /** How members get into what was made here. */
    private final class Placement implements BedCluster.Placement {

        private final MachineHomes homes;

        Placement(MachineHomes homes) {
            this.homes = homes;
        }

        @Override
        public List<String> launchWith(int node) {
            List<String> words = new ArrayList<>(tree.launchWith(names.node(node)));
            words.addAll(homes.launchWith(spec.nodes().get(node).name()));
            words.addAll(
                    heap(spec.nodes().get(node).memoryBytes(), System.getenv().getOrDefault(JAVA_OPTIONS, "")));
            words.addAll(Namespaces.launchWith(names.node(node).toString()));
            return words;
        }

        @Override
        public List<Path> folders(int node, int group) {
            return tree.folders(names.node(node), names.group(node, group));
        }
    }

    /**
     * Java's usual heap is a quarter of a board of 1 GB; on a smaller machine it would be all of the memory.
     *
     * @param given options for Java that there are anyway
     */
    static List<String> heap(long memoryBytes, String given) {
        return memoryBytes < SMALL_MEMORY && !given.contains("-Xmx")
                ? List.of("env", JAVA_OPTIONS + "=-Xmx" + memoryBytes / HEAPS_PER_MEMORY + " " + given)
                : List.of();
    }

    /** Ends all processes of the bed and removes what there is of it; whoever comes second waits, and finds nothing. */
    synchronized void remove() {
        if (watcher != null) {
            watcher.close();
        }
        Leftovers.remove(names::has);
    }

    void kill(String node) {
        Leftovers.end(() -> Set.copyOf(tree.processes(name(node))));
    }

    /** A shell has kill everywhere. */
    void signal(String node, String signal) {
        for (long process : tree.processes(name(node))) {
            Tool.run("sh", "-c", "kill -" + signal + " $0", Long.toString(process));
        }
    }

    /** The node of a name. */
    OwnedName name(String node) {
        return names.node(spec.nodes().indexOf(spec.node(node)));
    }

    /** A core group of a node. */
    OwnedName name(String node, String group) {
        List<Group> groups = spec.node(node).groups();
        int index = IntStream.range(0, groups.size())
                .filter(i -> groups.get(i).name().equals(group))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no core group '" + group + "' of node '" + node
                        + "'; there are "
                        + String.join(", ", groups.stream().map(Group::name).toList()) + "."));
        return names.group(spec.nodes().indexOf(spec.node(node)), index);
    }

    /** Where a node, or the client, is in the network. */
    int place(String name) {
        return name.equals(Testbed.CLIENT) ? BedNetwork.CLIENT : spec.nodes().indexOf(spec.node(name)) + 1;
    }
}
