package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tandem.deploy.wiring.ExplainJson;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.SimulationJson;
import org.jspecify.annotations.Nullable;

/**
 * A plan as JSON with the members more that were asked for, which readers of plans pass over.
 *
 * @param explain why the plan does what it does, left out where it was not asked for
 * @param simulated what a simulation did, left out without one
 * @param comparison the published schemes' plans, left out where they were not asked for
 */
record PlanAnswer(
        @JsonUnwrapped PlanJson plan,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ExplainJson explain,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SimulationJson simulated,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PlanComparison comparison) {}
