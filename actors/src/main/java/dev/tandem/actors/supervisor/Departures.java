package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.NodeMessages.MayLeave;
import dev.tandem.actors.node.NodeMessages.MustWait;
import dev.tandem.actors.node.NodeMessages.Notice;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Nodes that were asked to leave: what serves on them is moved, and then they hear that they may go. A node says again and
 * again that it is leaving, so that a new supervisor goes on where the last one was. Used by the supervisor's thread only.
 */
final class Departures {

    /** How the move of an epoch ended. */
    record Evacuated(String node, long epoch, ActorRef<Notice> notices, DeployReply reply) implements Command {}

    private final ActorContext<Command> context;
    private final Deployments deployments;
    /** Why epochs cannot be moved, by node and epoch. */
    private final Map<String, Map<Long, String>> stuck = new HashMap<>();

    Departures(ActorContext<Command> context, Deployments deployments) {
        this.context = context;
        this.deployments = deployments;
    }

    /** The node has gone. */
    void forget(String node) {
        stuck.remove(node);
    }

    void onLeaving(Register register) {
        String node = register.report().node().id();
        deployments.avoid(node);
        deployments.epochs().servingWith(node).stream()
                .filter(entry -> !isStuck(node, entry)
                        && !deployments.isReplacing(entry.order().gateway()))
                .forEach(entry -> deployments.evacuate(
                        entry,
                        OneAnswer.to(
                                context,
                                (DeployReply reply) -> new Evacuated(node, entry.epoch(), register.notices(), reply))));
        answer(node, register.notices());
    }

    private boolean isStuck(String node, Served entry) {
        return stuck.getOrDefault(node, Map.of()).containsKey(entry.epoch());
    }

    /** It waits for what is on its way out of it, and not for what has to stay. */
    private void answer(String node, ActorRef<Notice> notices) {
        List<Served> serving = deployments.epochs().servingWith(node);
        if (serving.stream().anyMatch(entry -> !isStuck(node, entry)) || deployments.isUnderWayWith(node)) {
            notices.tell(MustWait.MUST_WAIT);
        } else if (!serving.isEmpty()) {
            notices.tell(new MayLeave(
                    String.join("; ", stuck.getOrDefault(node, Map.of()).values())));
        } else if (deployments.epochs().all().stream()
                .anyMatch(entry -> entry.order().uses(node))) {
            notices.tell(new MayLeave("what it holds serves no more"));
        } else {
            notices.tell(new MayLeave(""));
        }
    }

    /** What failed on its way is tried again when the node next says that it is leaving. */
    void onEvacuated(Evacuated evacuated) {
        if (evacuated.reply() instanceof DeployReply.PlanRefused refused) {
            context.getLog().warn("what serves on node {} cannot be moved: {}", evacuated.node(), refused.reason());
            stuck.computeIfAbsent(evacuated.node(), node -> new HashMap<>()).put(evacuated.epoch(), refused.reason());
            answer(evacuated.node(), evacuated.notices());
        }
    }
}
