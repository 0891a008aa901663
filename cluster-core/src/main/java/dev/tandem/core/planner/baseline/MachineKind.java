package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.baseline.PipeEdgeSearch.Step;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Machines that can stand for each other in a plan: of equal memory, default processors of equal rate, and equal links.
 *
 * @param members default processors, at least one
 */
record MachineKind(List<CoreGroup> members) {

    MachineKind {
        members = List.copyOf(members);
    }

    /**
     * The kinds of the fastest processors, of as many as can be combined in so many ways at most.
     *
     * @param processors one per node, which it stands for
     */
    static List<MachineKind> of(PlanRequest request, List<CoreGroup> processors, int mostStates) {
        List<List<CoreGroup>> kinds = new ArrayList<>();
        for (CoreGroup group : processors.stream().sorted(Draft.FASTEST).toList()) {
            Optional<List<CoreGroup>> alike = kinds.stream()
                    .filter(kind -> kind.stream().allMatch(member -> isAlike(request, member, group)))
                    .findFirst();
            List<CoreGroup> kind = alike.orElseGet(ArrayList::new);
            if (alike.isEmpty()) {
                kinds.add(kind);
            }
            kind.add(group);
            if (states(kinds) > mostStates) {
                kind.remove(group);
                break;
            }
        }
        return kinds.stream()
                .filter(kind -> !kind.isEmpty())
                .map(kind -> kind.stream()
                        .sorted(Comparator.comparing(CoreGroup::id))
                        .toList())
                .map(MachineKind::new)
                .toList();
    }

    /** Machines for the steps of a search over these kinds, in order. */
    static Map<Step, CoreGroup> places(List<MachineKind> kinds, List<Step> steps) {
        Map<Step, CoreGroup> places = new LinkedHashMap<>();
        int[] used = new int[kinds.size()];
        steps.forEach(step -> places.put(step, kinds.get(step.kind()).members().get(used[step.kind()]++)));
        return places;
    }

    private static long states(List<List<CoreGroup>> kinds) {
        return kinds.stream().mapToLong(kind -> kind.size() + 1L).reduce(1, (one, other) -> one * other);
    }

    private static boolean isAlike(PlanRequest request, CoreGroup one, CoreGroup other) {
        Topology topology = request.topology();
        String first = one.id().node();
        String second = other.id().node();
        return one.multiplyAddsPerSecond() == other.multiplyAddsPerSecond()
                && memoryBytes(topology, first) == memoryBytes(topology, second)
                && isGateway(request, first) == isGateway(request, second)
                && isSame(topology.link(first, second), topology.link(second, first))
                && Stream.concat(topology.nodes().stream().map(Node::id), Stream.of(request.gatewayNode()))
                        .filter(third -> !third.equals(first) && !third.equals(second))
                        .allMatch(third -> isSame(topology.link(first, third), topology.link(second, third))
                                && isSame(topology.link(third, first), topology.link(third, second)));
    }

    private static boolean isGateway(PlanRequest request, String node) {
        return node.equals(request.gatewayNode());
    }

    private static long memoryBytes(Topology topology, String node) {
        return topology.node(node).orElseThrow().memoryBytes();
    }

    private static boolean isSame(Optional<Link> one, Optional<Link> other) {
        return one.map(Link::bandwidthBytesPerSecond).equals(other.map(Link::bandwidthBytesPerSecond))
                && one.map(Link::latencySeconds).equals(other.map(Link::latencySeconds));
    }
}
