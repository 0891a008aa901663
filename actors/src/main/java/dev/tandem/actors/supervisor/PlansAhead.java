package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/** Plans for the loss of a node, made before it happens: of each gateway those for what it serves. Used by the supervisor's thread only. */
final class PlansAhead {

    private final Map<ActorRef<DataMessage>, Foreseen> byGateway = new HashMap<>();

    /** @param plans by the name of the node that they do without */
    private record Foreseen(Deploy deploy, Map<String, Plan> plans) {

        boolean isFor(Deploy other) {
            return deploy.order().equals(other.order())
                    && deploy.offer()
                            .manifest()
                            .digest()
                            .equals(other.offer().manifest().digest());
        }
    }

    void put(Deploy deploy, Map<String, Plan> plans) {
        byGateway.put(deploy.gateway().gateway(), new Foreseen(deploy, Map.copyOf(plans)));
    }

    void retain(Predicate<ActorRef<DataMessage>> gateways) {
        byGateway.keySet().removeIf(gateways.negate());
    }

    /** The plan for just what is not there, if there is one; where it does not fit any more the planner says so. */
    Optional<Plan> plan(Job job, Topology topology) {
        return Optional.ofNullable(byGateway.get(job.gateway()))
                .filter(foreseen -> foreseen.isFor(job.deploy()))
                .flatMap(foreseen -> foreseen.plans().entrySet().stream()
                        .filter(plan -> topology.node(plan.getKey()).isEmpty() && isWithin(plan.getValue(), topology))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private static boolean isWithin(Plan plan, Topology topology) {
        return plan.lanes().stream().map(Lane::nodes).allMatch(nodes -> nodes.stream()
                .allMatch(node -> topology.node(node).isPresent()));
    }
}
