package dev.tandem.actors.protocol;

import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Halo;
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
 * @param given the plan itself, to be kept as long as all that it names is there; scheme, nodes, shards and codec are ignored
 *     then
 * @param codec how tensors are to travel between nodes, as far as their types allow it
 * @param halo what becomes of halos, with the schemes rows and grid; left open, the planner chooses
 */
public record DeployOrder(
        Optional<Scheme> scheme,
        Optional<Objective> objective,
        int maxNodes,
        int shards,
        Optional<Plan> given,
        Optional<Codec> codec,
        Optional<Halo> halo) {

    public DeployOrder {
        if (maxNodes < 0 || shards < 0) {
            throw new IllegalArgumentException(
                    "maxNodes (" + maxNodes + ") and shards (" + shards + ") must not be negative");
        }
    }

    /** An order for a plan that is still to be made. */
    public DeployOrder(Optional<Scheme> scheme, Optional<Objective> objective, int maxNodes, int shards) {
        this(scheme, objective, maxNodes, shards, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** An order for just this plan. */
    public static DeployOrder exactly(Plan plan) {
        return new DeployOrder(
                Optional.empty(), Optional.empty(), 0, 0, Optional.of(plan), Optional.empty(), Optional.empty());
    }

    /** The same order with a codec, or with that open. */
    public DeployOrder coded(Optional<Codec> other) {
        return new DeployOrder(scheme, objective, maxNodes, shards, given, other, halo);
    }

    /** The same order with halos dealt with so, or with that open. */
    public DeployOrder halo(Optional<Halo> other) {
        return new DeployOrder(scheme, objective, maxNodes, shards, given, codec, other);
    }

    /** An order that leaves nothing open. */
    public DeployOrder(Scheme scheme, Objective objective, int maxNodes, int shards) {
        this(Optional.of(scheme), Optional.of(objective), maxNodes, shards);
    }
}
