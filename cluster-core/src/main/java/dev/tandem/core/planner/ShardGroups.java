package dev.tandem.core.planner;

import dev.tandem.core.topology.CoreGroup;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The core groups over which a model is divided: the fastest of distinct nodes, then further ones of the same nodes. */
final class ShardGroups {

    private ShardGroups() {}

    /** Why there are no such core groups, if so. */
    static Optional<String> refusal(PlanRequest request) {
        int shards = request.shards();
        if (shards < 2) {
            return Optional.of("a model over " + shards + " shard is no division. Maybe ask for two or more shards.");
        }
        int groups = request.topology().nodes().stream()
                .map(node -> node.coreGroups().size())
                .sorted(Comparator.reverseOrder())
                .limit(request.maxNodes())
                .mapToInt(Integer::intValue)
                .sum();
        if (shards > groups) {
            String of = request.maxNodes() < request.topology().nodes().size()
                    ? " on as many nodes as may be used (" + request.maxNodes() + ")"
                    : "";
            return Optional.of(shards + " shards need as many core groups, but there are " + groups + of
                    + ". Maybe ask for fewer shards or more nodes.");
        }
        return Optional.empty();
    }

    /**
     * Of as many nodes as there may be, those with the fastest core groups: the fastest of each node first, then the second
     * ones, and so on; in the order of their names.
     */
    static List<CoreGroup> of(PlanRequest request, Set<String> without) {
        List<CoreGroup> fastest = request.topology().nodes().stream()
                .filter(node -> !without.contains(node.id()))
                .map(Draft::fastest)
                .sorted(RowsProblem.fastestFirst(request))
                .limit(request.maxNodes())
                .toList();
        Map<CoreGroup, Integer> rank = new HashMap<>();
        for (CoreGroup first : fastest) {
            List<CoreGroup> sorted = request.topology().node(first.id().node()).orElseThrow().coreGroups().stream()
                    .sorted(Draft.FASTEST)
                    .toList();
            sorted.forEach(group -> rank.put(group, sorted.indexOf(group)));
        }
        return rank.keySet().stream()
                .sorted(Comparator.<CoreGroup>comparingInt(group -> rank.getOrDefault(group, 0))
                        .thenComparing(RowsProblem.fastestFirst(request)))
                .limit(request.shards())
                .sorted(Comparator.comparing(CoreGroup::id))
                .toList();
    }

    /** @param lack of the first node that was left out, in words; empty if none was */
    static String tooFew(PlanRequest request, String lack) {
        return "fewer than " + request.shards() + " core groups"
                + (request.maxNodes() < request.topology().nodes().size() ? " of " + request.maxNodes() + " nodes" : "")
                + " have the memory for a share of model " + request.graph().name()
                + (lack.isEmpty() ? "" : ": " + lack) + ". Maybe ask for fewer shards, or for a pipeline.";
    }
}
