package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Turns a plan into the order to put it in place. */
final class RolloutOrders {

    private RolloutOrders() {}

    /** A node as a rollout needs it. */
    record Target(ActorRef<NodeMessages.Step> agent, TetherAddress tether) {}

    /**
     * The order, or nothing when a node of the plan is no longer known.
     *
     * @param window requests in flight per edge, at least: an edge past several stages must hold one more than there are
     *     stages between, or it would stall them
     */
    static Optional<RolloutOrder> order(
            long epoch,
            Plan plan,
            ModelGraph graph,
            Deploy deploy,
            int window,
            ActorRef<GatewayMessages.Reply> supervisor,
            Function<String, Optional<Target>> lookup) {
        Map<String, ActorRef<NodeMessages.Step>> agents = new HashMap<>();
        Map<String, TetherAddress> tethers = new HashMap<>();
        for (String node : nodes(plan)) {
            Optional<Target> target = lookup.apply(node);
            if (target.isEmpty()) {
                return Optional.empty();
            }
            agents.put(node, target.get().agent());
            tethers.put(node, target.get().tether());
        }
        int depth = plan.lanes().stream()
                .mapToInt(lane -> lane.stages().size())
                .max()
                .orElse(1);
        return Optional.of(new RolloutOrder(
                epoch,
                plan,
                deploy.offer(),
                graph.inputs(),
                graph.outputs(),
                agents,
                tethers,
                deploy.gateway().gateway(),
                Math.max(window, depth + 1),
                supervisor));
    }

    private static List<String> nodes(Plan plan) {
        return plan.lanes().stream()
                .map(Lane::stages)
                .flatMap(List::stream)
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .toList();
    }
}
