package dev.tandem.actors.protocol;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;

/**
 * How a model is to be divided.
 *
 * @param scheme forced way of dividing, or AUTO
 * @param objective what the plan is to be best at
 * @param maxNodes most nodes to use; with the pipeline scheme exactly as many
 * @param shards shards of the rows scheme; ignored by others
 */
public record DeployOrder(Scheme scheme, Objective objective, int maxNodes, int shards) {}
