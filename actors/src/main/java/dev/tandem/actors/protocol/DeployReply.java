package dev.tandem.actors.protocol;

import dev.tandem.core.plan.Plan;

/** What became of a deployment. */
public sealed interface DeployReply extends ControlMessage {

    /** The plan serves under this epoch. */
    record Deployed(long epoch, Plan plan) implements DeployReply {}

    /** No plan fits: nothing was changed. */
    record PlanRefused(String reason) implements DeployReply {}

    /** A plan was made but could not be put in place; the one before it, if any, goes on serving. */
    record RolloutFailed(String reason) implements DeployReply {}
}
