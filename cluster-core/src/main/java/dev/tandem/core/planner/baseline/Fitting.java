package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.Node;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes plans that run out of schemes that know no memory limits: where a node lacks memory for its part, the scheme is
 * asked again without that node. None of the published schemes says what to do then; refusing would flatter Tandem.
 */
final class Fitting {

    private Fitting() {}

    /** @param maker the scheme; its plan for a fleet, which must use its nodes only */
    static PlanResult plan(PlanRequest request, String name, Function<Fleet, Plan> maker) {
        Set<String> tooSmall = new HashSet<>();
        String lack = "no node reaches the gateway on " + request.gatewayNode() + " and back";
        for (Optional<Fleet> fleet = Fleet.of(request, tooSmall);
                fleet.isPresent();
                fleet = Fleet.of(request, tooSmall)) {
            Plan plan = maker.apply(fleet.get());
            Optional<Node> lacking = Draft.lacking(request, plan);
            if (lacking.isEmpty()) {
                return planned(plan, name);
            }
            lack = tooSmall.isEmpty() ? Draft.lack(lacking.get(), plan) : lack;
            if (!tooSmall.add(lacking.get().id())) {
                throw new IllegalStateException(
                        name + " used node " + lacking.get().id() + ", which it was not given");
            }
        }
        return new Refused(name + ": " + lack);
    }

    /** A plan that is what it is: refused where it needs memory or a link that is not there. */
    static PlanResult asItIs(PlanRequest request, String name, Plan plan) {
        return Draft.lacking(request, plan)
                .<PlanResult>map(node -> new Refused(name + ": " + Draft.lack(node, plan)))
                .orElseGet(() -> planned(plan, name));
    }

    private static PlanResult planned(Plan plan, String name) {
        return Double.isFinite(plan.predicted().latencySeconds())
                ? Draft.planned(plan, name)
                : new Refused(name + ": its plan needs a link that is not there");
    }
}
