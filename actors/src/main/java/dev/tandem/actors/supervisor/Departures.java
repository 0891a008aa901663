package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.NodeMessages.MayLeave;
import dev.tandem.actors.node.NodeMessages.MustWait;
import dev.tandem.actors.node.NodeMessages.Notice;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Nodes that were asked to leave: what serves on them is moved, and then they hear that they may go. A node says again and
 * again that it is leaving, so that a new supervisor goes on where the last one was. Used by the supervisor's thread only.
 */
final class Departures {

    /** How the move of an epoch ended. */
    record Evacuated(String node, ActorRef<Notice> notices, DeployReply reply) implements Command {}

    private final ActorContext<Command> context;
    private final Deployments deployments;

    Departures(ActorContext<Command> context, Deployments deployments) {
        this.context = context;
        this.deployments = deployments;
    }

    void onLeaving(Register register) {
        String node = register.report().node().id();
        deployments.avoid(node);
        if (deployments.needs(node)) {
            evacuate(register, node);
            register.notices().tell(MustWait.MUST_WAIT);
        } else {
            register.notices().tell(new MayLeave(""));
        }
    }

    private void evacuate(Register register, String node) {
        deployments.epochs().servingWith(node).stream()
                .filter(entry -> !deployments.isPending(entry.order().gateway()))
                .forEach(entry -> deployments.evacuate(
                        entry,
                        OneAnswer.to(context, (DeployReply reply) -> new Evacuated(node, register.notices(), reply))));
    }

    /** What failed on its way is tried again when the node next says that it is leaving. */
    void onEvacuated(Evacuated evacuated) {
        if (evacuated.reply() instanceof DeployReply.PlanRefused refused) {
            context.getLog().warn("what serves on node {} cannot be moved: {}", evacuated.node(), refused.reason());
            evacuated.notices().tell(new MayLeave(refused.reason()));
        }
    }
}
