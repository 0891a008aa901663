package dev.tandem.core.planner.choice;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.util.Optional;

/** A way of dividing that was tried, and what came of it. */
record Trial(String name, PlanResult result) {

    Optional<Plan> plan() {
        return result instanceof Planned planned ? Optional.of(planned.plan()) : Optional.empty();
    }

    /** What the objective makes small; infinite without a plan. */
    double value(PlanRequest request) {
        return plan().map(plan -> request.objective().value(plan.predicted())).orElse(Double.POSITIVE_INFINITY);
    }

    Alternative alternative() {
        String remark = result instanceof Refused refused
                ? refused.reason()
                : plan().map(Draft::places).orElse("");
        return new Alternative(name, plan().map(Plan::predicted), remark);
    }
}
