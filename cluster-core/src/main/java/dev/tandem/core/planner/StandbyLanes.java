package dev.tandem.core.planner;

import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Lanes that stand by for the loss of a node without which a plan has no lane left. Pure. */
public final class StandbyLanes {

    private StandbyLanes() {}

    /** The nodes without any of which none of these lanes is left, whether they stand by or not. */
    public static Set<String> uncovered(List<Lane> lanes) {
        Set<String> nodes = new TreeSet<>();
        lanes.forEach(lane -> nodes.addAll(lane.nodes()));
        lanes.forEach(lane -> nodes.retainAll(lane.nodes()));
        return nodes;
    }

    /**
     * The plan with other lanes that stand by: for each node that all of its lanes with a weight need, one of the plan without that
     * node, the best of these first, as far as there is room. Empty where the lanes that are left now cover as much. Nothing stands
     * by for the gateway's own node.
     *
     * @param left lanes of the plan that can serve now, all with a weight among them
     * @param without plans for the loss of a node, by its name
     * @param request of the machines as they are
     * @param fits whether there is room for a plan with one lane more, the other one, made for its loss, considered as well
     */
    public static Optional<Plan> better(
            Plan plan, List<Lane> left, Map<String, Plan> without, PlanRequest request, BiPredicate<Plan, Plan> fits) {
        List<Plan> candidates = uncovered(plan.working()).stream()
                .filter(node -> !node.equals(request.gatewayNode()) && without.containsKey(node))
                .map(without::get)
                .sorted(Comparator.comparingDouble(each -> request.objective().value(each.predicted())))
                .toList();
        Plan best = Draft.ofLanes(request, plan.scheme(), plan.working());
        for (Plan candidate : candidates) {
            Plan larger = with(best, heaviest(candidate).onStandby(), request);
            if (Draft.lacking(request, larger).isEmpty() && fits.test(larger, candidate)) {
                best = larger;
            }
        }
        Set<String> before = uncovered(left);
        Set<String> after = uncovered(best.lanes());
        return before.containsAll(after) && after.size() < before.size() ? Optional.of(best) : Optional.empty();
    }

    private static Plan with(Plan plan, Lane standby, PlanRequest request) {
        if (plan.lanes().contains(standby)) {
            return plan;
        }
        List<Lane> lanes = new ArrayList<>(plan.lanes());
        lanes.add(standby);
        return Draft.ofLanes(request, plan.scheme(), lanes);
    }

    private static Lane heaviest(Plan plan) {
        return plan.working().stream()
                .max(Comparator.comparingDouble(Lane::weight))
                .orElseThrow();
    }
}
