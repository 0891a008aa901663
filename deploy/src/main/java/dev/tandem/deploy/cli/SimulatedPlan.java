package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.SimulationJson;

/** A plan as JSON with one member more, which readers of plans pass over. */
record SimulatedPlan(@JsonUnwrapped PlanJson plan, SimulationJson simulated) {}
