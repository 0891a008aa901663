package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The whole model on the best core group whose node has the memory: tries every one. */
public final class SinglePlanner implements Planner {

    @Override
    public PlanResult plan(PlanRequest request) {
        long needed = request.cost().memoryBytes(request.graph().whole());
        List<Plan> plans = new ArrayList<>();
        for (Node node : request.topology().nodes()) {
            if (needed <= node.memoryBytes()) {
                node.coreGroups().forEach(group -> plans.add(planOn(request, group)));
            }
        }
        Optional<Plan> best = plans.stream()
                .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()))
                .min(Comparator.comparingDouble(
                                (Plan plan) -> request.objective().value(plan.predicted()))
                        .thenComparing(Draft::places));
        return best.<PlanResult>map(plan -> Draft.planned(plan, "single")).orElseGet(() -> refusal(request, needed));
    }

    private static Plan planOn(PlanRequest request, CoreGroup group) {
        return Draft.plan(
                request,
                "single",
                List.of(Draft.undivided(request.graph(), request.graph().whole(), group.id())));
    }

    private static Refused refusal(PlanRequest request, long needed) {
        Optional<Node> largest = request.topology().nodes().stream().max(Comparator.comparingLong(Node::memoryBytes));
        if (largest.isEmpty()) {
            return new Refused("the topology has no nodes");
        }
        long missing = needed - largest.get().memoryBytes();
        if (missing <= 0) {
            return new Refused("no node with the " + Draft.bytes(needed) + " of memory that model "
                    + request.graph().name() + " needs has links from and to the gateway on "
                    + request.gatewayNode());
        }
        return new Refused("model " + request.graph().name() + " needs " + Draft.bytes(needed)
                + " of memory on one node; the largest, " + largest.get().id() + ", has "
                + Draft.bytes(largest.get().memoryBytes()) + ": " + Draft.bytes(missing)
                + " are missing. Maybe divide it over several nodes.");
    }
}
