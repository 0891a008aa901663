package dev.tandem.actors.supervisor;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.Optional;

/**
 * What to ask the planner for: an order in which nothing is open, and what it must keep within.
 *
 * @param given a plan that is there already, if any: nothing is to be planned then
 * @param codec of tensors between nodes
 * @param halo what becomes of halos, with the schemes rows and grid
 */
record PlanOrder(
        Scheme scheme,
        Objective objective,
        int maxNodes,
        int shards,
        Constraints constraints,
        Optional<Plan> given,
        Codec codec,
        Halo halo) {

    /** The same with a plan that is there already. */
    PlanOrder given(Plan plan) {
        return new PlanOrder(scheme, objective, maxNodes, shards, constraints, Optional.of(plan), codec, halo);
    }
}
