package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The core groups over which a model is divided: the fastest of distinct nodes, then further ones of the same nodes. */
final class ShardGroups {

    private ShardGroups() {}

    /**
     * A plan over as many core groups as are asked for, without the nodes that lack memory for their part.
     *
     * @param name of the plan
     * @param divide a plan over just these core groups, if there is any
     * @param refusal why there is none over these
     */
    static PlanResult plan(
            PlanRequest request,
            String name,
            Function<List<CoreGroup>, Optional<Plan>> divide,
            Function<List<CoreGroup>, String> refusal) {
        Optional<String> few = refusal(request);
        if (few.isPresent()) {
            return new Refused(few.get());
        }
        Set<String> tooSmall = new HashSet<>();
        String lack = "";
        while (true) {
            List<CoreGroup> groups = of(request, tooSmall);
            if (groups.size() < request.shards()) {
                return new Refused(tooFew(request, lack));
            }
            Optional<Plan> plan = divide.apply(groups);
            if (plan.isEmpty()) {
                return new Refused(refusal.apply(groups));
            }
            Optional<Node> lacking = Draft.lacking(request, plan.get());
            if (lacking.isEmpty()) {
                return Draft.planned(plan.get(), name);
            }
            lack = lack.isEmpty() ? Draft.lack(lacking.get(), plan.get()) : lack;
            tooSmall.add(lacking.get().id());
        }
    }

    /** Why there are no such core groups, if so. */
    private static Optional<String> refusal(PlanRequest request) {
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
    private static List<CoreGroup> of(PlanRequest request, Set<String> without) {
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
    private static String tooFew(PlanRequest request, String lack) {
        return "fewer than " + request.shards() + " core groups"
                + (request.maxNodes() < request.topology().nodes().size() ? " of " + request.maxNodes() + " nodes" : "")
                + " have the memory for a share of model " + request.graph().name()
                + (lack.isEmpty() ? "" : ": " + lack) + ". Maybe ask for fewer shards, or for a pipeline.";
    }
}
