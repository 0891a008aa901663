package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.NodeTemplate.Group;
import java.util.List;

/** Four members that differ in memory and, where the machine has CPUs enough, in their number of CPUs. */
final class DemoMembers {

    private static final long MIB = 1L << 20;
    private static final int FOR_TWO_EACH = 6;

    private DemoMembers() {}

    /** @param cpus CPUs that the members may use; with fewer than four, several members share one */
    static List<NodeTemplate> templates(List<Integer> cpus) {
        boolean wide = cpus.size() >= FOR_TWO_EACH;
        return List.of(
                node("big-1", 1024, wide ? cpus.subList(0, 2) : one(cpus, 0)),
                node("big-2", 1024, wide ? cpus.subList(2, 4) : one(cpus, 1)),
                node("small-1", 512, one(cpus, wide ? 4 : 2)),
                node("small-2", 256, one(cpus, wide ? 5 : 3)));
    }

    private static NodeTemplate node(String name, long memoryMib, List<Integer> cpus) {
        return new NodeTemplate(name, memoryMib * MIB, List.of(new Group("cpu", cpus, cpus.size())));
    }

    private static List<Integer> one(List<Integer> cpus, int index) {
        return List.of(cpus.get(index % cpus.size()));
    }
}
