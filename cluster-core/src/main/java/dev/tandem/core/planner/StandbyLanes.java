package dev.tandem.core.planner;

import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Lanes that stand by for the loss of a node without which a plan has no lane left. Pure. */
public final class StandbyLanes {

    private StandbyLanes() {}

    /**
     * The nodes without any of which no lane is left, not even one that stands by.
     *
     * @param lost indices of lanes that are lost already
     */
    public static Set<String> uncovered(Plan plan, Set<Integer> lost) {
        return common(IntStream.range(0, plan.lanes().size())
                .filter(lane -> !lost.contains(lane))
                .mapToObj(plan.lanes()::get)
                .toList());
    }

    private static Set<String> common(List<Lane> lanes) {
        Set<String> nodes = new TreeSet<>();
        lanes.forEach(lane -> nodes.addAll(lane.nodes()));
        lanes.forEach(lane -> nodes.retainAll(lane.nodes()));
        return nodes;
    }

    /**
     * The plan with lanes that stand by in place of those that it had: for each node that all of its lanes need, one of the plan
     * without that node, the best of these first, as far as there is room. Nothing stands by for the gateway's own node.
     *
     * @param without plans for the loss of a node, by its name
     * @param request of the machines as they are
     * @param fits whether there is room for a plan beside what is in place
     */
    public static Plan add(Plan plan, Map<String, Plan> without, PlanRequest request, Predicate<Plan> fits) {
        List<Lane> candidates = common(plan.working()).stream()
                .filter(node -> !node.equals(request.gatewayNode()) && without.containsKey(node))
                .map(without::get)
                .sorted(Comparator.comparingDouble(each -> request.objective().value(each.predicted())))
                .map(each -> heaviest(each).onStandby())
                .distinct()
                .toList();
        Plan best = Draft.ofLanes(request, plan.scheme(), plan.working());
        for (Lane candidate : candidates) {
            List<Lane> lanes = new ArrayList<>(best.lanes());
            lanes.add(candidate);
            Plan larger = Draft.ofLanes(request, plan.scheme(), lanes);
            if (Draft.lacking(request, larger).isEmpty() && fits.test(larger)) {
                best = larger;
            }
        }
        return best;
    }

    private static Lane heaviest(Plan plan) {
        return plan.working().stream()
                .max(Comparator.comparingDouble(Lane::weight))
                .orElseThrow();
    }
}
