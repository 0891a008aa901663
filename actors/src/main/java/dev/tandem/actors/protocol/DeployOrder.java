package dev.tandem.actors.protocol;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.Optional;

/**
 * How a model is to be divided. What is left open is as the cluster's settings have it, and follows them when they change.
 *
 * @param scheme forced way of dividing, or AUTO
 * @param objective what the plan is to be best at
 * @param maxNodes most nodes to use; with the pipeline scheme exactly as many; 0: as many as there are
 * @param shards shards of the rows scheme; ignored by others; 0: as many as nodes
 */
public record DeployOrder(Optional<Scheme> scheme, Optional<Objective> objective, int maxNodes, int shards) {

    public DeployOrder {
        if (maxNodes < 0 || shards < 0) {
            throw new IllegalArgumentException(
                    "maxNodes (" + maxNodes + ") and shards (" + shards + ") must not be negative");
        }
    }

    /** An order that leaves nothing open. */
    public DeployOrder(Scheme scheme, Objective objective, int maxNodes, int shards) {
        this(Optional.of(scheme), Optional.of(objective), maxNodes, shards);
    }
}
