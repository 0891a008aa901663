package dev.tandem.harness.experiment.emulated;

import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import dev.tandem.harness.testbed.Calibration;
import dev.tandem.harness.testbed.Testbed;
import java.util.List;
import java.util.stream.LongStream;

/** The machines of a bed for planners: as fast as they are meant to be, everything else as the members have measured it. */
final class BedTopology {

    private BedTopology() {}

    /**
     * Rates follow from shares and not from what members measure at their start, when all of them start at once.
     *
     * @param view with the links between all places
     * @param multiplyAddsPerSecond of a whole CPU
     */
    static Topology of(Testbed bed, ClusterView view, double multiplyAddsPerSecond) {
        return new Topology(
                view.nodes().stream()
                        .map(NodeReport::node)
                        .map(node -> rated(bed, node, multiplyAddsPerSecond))
                        .toList(),
                view.links());
    }

    private static Node rated(Testbed bed, Node node, double full) {
        List<CoreGroup> groups = node.coreGroups().stream()
                .map(group -> new CoreGroup(
                        group.id(),
                        group.kind(),
                        group.cpus(),
                        group.threads(),
                        full * share(bed, group),
                        group.power()))
                .toList();
        return new Node(node.id(), node.memoryBytes(), groups, node.power()).on(processor(node));
    }

    /** Its members' threads that compute are held to their shares, so that what carries always finds a CPU. */
    private static Processor processor(Node node) {
        int threads = node.coreGroups().stream().mapToInt(CoreGroup::cpuThreads).sum();
        return new Processor(node.id(), threads + 1, node.processor().carrying());
    }

    /** The part of a CPU that a core group of the bed has. */
    static double share(Testbed bed, CoreGroup group) {
        return of(bed, group).asked();
    }

    /** How long a core group of the bed computes until it is held back. */
    static long quotaMicros(Testbed bed, CoreGroup group) {
        return of(bed, group).quotaMicros();
    }

    static long leastQuota(Testbed bed) {
        return quotas(bed).min().orElseThrow();
    }

    static long mostQuota(Testbed bed) {
        return quotas(bed).max().orElseThrow();
    }

    private static LongStream quotas(Testbed bed) {
        return bed.calibration().groups().stream().mapToLong(Calibration.Share::quotaMicros);
    }

    private static Calibration.Share of(Testbed bed, CoreGroup group) {
        return bed.calibration().groups().stream()
                .filter(share -> share.node().equals(group.id().node())
                        && share.group().equals(group.id().group()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("core group " + group.id() + " is not of the bed"));
    }

    /** One core group, and all links. */
    static Topology only(Topology topology, CoreGroup group) {
        Node node = topology.nodes().stream()
                .filter(each -> each.coreGroups().contains(group))
                .findFirst()
                .orElseThrow();
        Node alone = new Node(node.id(), node.memoryBytes(), List.of(group), node.power(), node.processor());
        return new Topology(List.of(alone), topology.links());
    }
}
