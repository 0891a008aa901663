package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.SimulationJson;
import org.jspecify.annotations.Nullable;

/** A plan as JSON, with what was asked for beside it; the members that were not are left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlanAnswer(PlanJson plan, @Nullable SimulationJson simulation, @Nullable PlanComparison comparison) {}
