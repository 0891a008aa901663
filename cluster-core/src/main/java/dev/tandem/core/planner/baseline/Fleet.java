package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes that a baseline uses: the leader, and the fastest others up to the most that the request allows, such that
 * all reach each other and the gateway. The published schemes know one processor per node and no missing links.
 *
 * @param leader default processor of the gateway's node, or of the fastest node where the gateway runs nothing
 * @param processors the default processor of each node, the leader's included, in the order of the topology
 */
record Fleet(CoreGroup leader, List<CoreGroup> processors) {

    /** A graphics processor before all others, as frameworks choose; then the fastest. */
    static final Comparator<CoreGroup> DEFAULT_PROCESSOR = Comparator.comparing(
                    (CoreGroup group) -> group.kind() != CoreGroup.Kind.GPU)
            .thenComparing(Draft.FASTEST);

    Fleet {
        processors = List.copyOf(processors);
    }

    /** The fleet for a request, absent where no node reaches the gateway. */
    static Optional<Fleet> of(PlanRequest request, Set<String> without) {
        List<CoreGroup> candidates = request.topology().nodes().stream()
                .filter(node -> !without.contains(node.id()))
                .map(Fleet::defaultProcessor)
                .sorted(Comparator.comparing((CoreGroup group) -> !isGateway(request, group))
                        .thenComparing(Draft.FASTEST))
                .toList();
        List<CoreGroup> chosen = new ArrayList<>();
        for (CoreGroup candidate : candidates) {
            if (chosen.size() < request.maxNodes() && reaches(request, candidate, chosen)) {
                chosen.add(candidate);
            }
        }
        List<String> order = request.topology().nodes().stream().map(Node::id).toList();
        return chosen.stream()
                .findFirst()
                .map(leader -> new Fleet(
                        leader,
                        chosen.stream()
                                .sorted(Comparator.comparingInt(
                                        group -> order.indexOf(group.id().node())))
                                .toList()));
    }

    static CoreGroup defaultProcessor(Node node) {
        return node.coreGroups().stream().min(DEFAULT_PROCESSOR).orElseThrow();
    }

    /** The leader first, then the fastest. */
    List<CoreGroup> leaderFirst() {
        return processors.stream()
                .sorted(Comparator.comparing((CoreGroup group) -> !group.equals(leader))
                        .thenComparing(Draft.FASTEST))
                .toList();
    }

    private static boolean isGateway(PlanRequest request, CoreGroup group) {
        return group.id().node().equals(request.gatewayNode());
    }

    private static boolean reaches(PlanRequest request, CoreGroup candidate, List<CoreGroup> chosen) {
        String node = candidate.id().node();
        return isLinked(request, node, request.gatewayNode())
                && chosen.stream()
                        .allMatch(other -> isLinked(request, node, other.id().node()));
    }

    private static boolean isLinked(PlanRequest request, String one, String other) {
        return Double.isFinite(request.cost().transferSeconds(one, other, 0))
                && Double.isFinite(request.cost().transferSeconds(other, one, 0));
    }
}
