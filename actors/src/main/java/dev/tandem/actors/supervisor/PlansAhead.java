package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** Plans for the loss of a node, made before it happens: of each gateway those for what it serves. Used by the supervisor's thread only. */
final class PlansAhead {

    private final Map<ActorRef<DataMessage>, Foreseen> byGateway = new HashMap<>();

    /**
     * Plans for the losses of single nodes.
     *
     * @param policy under which they were made
     * @param nodes that plans could use
     * @param plans by the name of the node that they do without
     */
    record Foreseen(Deploy deploy, PlanPolicy policy, Set<String> nodes, Map<String, Plan> plans) {

        Foreseen {
            nodes = Set.copyOf(nodes);
            plans = Map.copyOf(plans);
        }

        private boolean isFor(Deploy other) {
            return deploy.order().equals(other.order())
                    && deploy.offer()
                            .manifest()
                            .digest()
                            .equals(other.offer().manifest().digest());
        }

        /** Where just one of the nodes is not there any more, and no other is. */
        private Optional<Plan> plan(Set<String> there) {
            Set<String> lost = new HashSet<>(nodes);
            lost.removeAll(there);
            return lost.size() == 1 && nodes.containsAll(there)
                    ? Optional.ofNullable(plans.get(lost.iterator().next()))
                    : Optional.empty();
        }
    }

    void put(Foreseen foreseen) {
        byGateway.put(foreseen.deploy().gateway().gateway(), foreseen);
    }

    void retain(Predicate<ActorRef<DataMessage>> gateways) {
        byGateway.keySet().removeIf(gateways.negate());
    }

    /** The plan for just what is not there, if there is one; where it does not fit any more the planner says so. */
    Optional<Plan> plan(Job job, PlanPolicy policy, Topology topology) {
        return Optional.ofNullable(byGateway.get(job.gateway()))
                .filter(foreseen ->
                        foreseen.isFor(job.deploy()) && foreseen.policy().equals(policy))
                .flatMap(foreseen -> foreseen.plan(names(topology)));
    }

    static Set<String> names(Topology topology) {
        return topology.nodes().stream().map(Node::id).collect(Collectors.toSet());
    }
}
