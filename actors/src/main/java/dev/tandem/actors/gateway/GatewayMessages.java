package dev.tandem.actors.gateway;

import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Link;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What a gateway is told and what it answers. Frames, credit and shard reports come to it besides. */
public final class GatewayMessages {

    private GatewayMessages() {}

    /** Messages of a gateway. */
    public sealed interface Command extends DataMessage {}

    /**
     * A request of an application in this JVM.
     *
     * @param inputs all of the model's inputs, by their names; left unchanged until the reply
     */
    public record Infer(
            RequestId request, List<Tensor> inputs, long deadlineEpochMillis, ActorRef<InferenceReply> replyTo)
            implements Command {
        public Infer {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * From the supervisor: deal requests to this plan from now on. What is in flight under an older epoch is drained.
     *
     * @param inputs the model's inputs
     * @param outputs the model's outputs
     * @param tethers by name, the nodes that the gateway exchanges frames with
     * @param window requests in flight per edge
     * @param origin kept for a supervisor that has not put the epoch in place itself
     */
    public record Activate(
            long epoch,
            Plan plan,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            List<ShardRef> shards,
            Map<String, TetherAddress> tethers,
            int window,
            Origin origin,
            ActorRef<Reply> replyTo)
            implements Command, ControlMessage {
        public Activate {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            shards = List.copyOf(shards);
            tethers = Map.copyOf(tethers);
        }
    }

    /**
     * What an epoch was made from, and by whom its nodes are reached.
     *
     * @param agents of the nodes in the plan, by name
     * @param tethers of the same nodes
     * @param links as they were when it was put in place, or the last time before, for a supervisor that knows none
     */
    public record Origin(
            ModelOffer offer,
            DeployOrder order,
            Map<String, ActorRef<NodeMessages.Step>> agents,
            Map<String, TetherAddress> tethers,
            List<Link> links) {
        public Origin {
            agents = Map.copyOf(agents);
            tethers = Map.copyOf(tethers);
            links = List.copyOf(links);
        }
    }

    /** From a supervisor that does not know all that this gateway has announced; answered by {@link Holdings}. */
    public record Recall(ActorRef<? super Holdings> replyTo) implements Command, ControlMessage {}

    /** From a supervisor that takes an epoch over: what is to be said of it goes there from now on. */
    public record Adopt(long epoch, ActorRef<Reply> replyTo) implements Command, ControlMessage {}

    /** From a node that has lost who it had the epoch from: does this gateway deal to it, or drain it? Otherwise it never will. */
    public record Claim(long epoch, ActorRef<Claimed> replyTo) implements Command, ControlMessage {}

    /** What comes after an epoch that is abandoned. */
    public enum Outlook {
        /** Another epoch, soon: requests wait for it. */
        ANOTHER_FOLLOWS,
        /** Another epoch, as soon as the cluster can carry one: until then requests are refused. */
        INTERRUPTED,
        /** Nothing: the model has been withdrawn. */
        OVER
    }

    /** From the supervisor: the epoch can give no more answers. What is in flight waits for the next epoch, or fails. */
    public record Abandon(long epoch, String reason, Outlook outlook) implements Command, ControlMessage {}

    /** Lanes that return nothing any more: what they owe is dealt to the others, which serve on. */
    public record DropLanes(long epoch, Set<Integer> lanes) implements Command, ControlMessage {
        public DropLanes {
            lanes = Set.copyOf(lanes);
        }
    }

    /**
     * From the supervisor: what the gateway is to put in place itself should the supervisor's node be lost and the epoch that
     * serves with it. Another one takes its place, and another epoch.
     *
     * @param epoch that serves
     * @param node with the supervisor
     * @param instead without that node; shards are not known yet
     * @param timeoutMillis until the gateway gives it up
     */
    public record Contingency(long epoch, String node, Activate instead, long timeoutMillis)
            implements Command, ControlMessage {}

    /** From the supervisor: what it has left for its loss beside this epoch is of no use any more. */
    public record DropContingency(long epoch) implements Command, ControlMessage {}

    /** Asks for {@link Stats}. */
    public record Describe(ActorRef<Stats> replyTo) implements Command, ControlMessage {}

    /** Answer to a {@link Claim}. */
    public record Claimed(long epoch, boolean isHeld) implements ControlMessage {}

    /**
     * All that a supervisor needs to go on with a gateway.
     *
     * @param serving the epoch that requests are dealt to
     * @param draining epochs with requests under way
     * @param interrupted what was served last and is to be served again, when nothing is now
     */
    public record Holdings(
            SupervisorMessages.GatewayRef gateway,
            Optional<Activate> serving,
            List<Activate> draining,
            Optional<Origin> interrupted)
            implements SupervisorMessages.Command, ControlMessage {
        public Holdings {
            draining = List.copyOf(draining);
        }
    }

    /** What a gateway tells the supervisor. */
    public sealed interface Reply extends ControlMessage {
        long epoch();
    }

    /** Requests now go to this epoch. */
    public record Activated(long epoch) implements Reply {}

    /** The last request of this epoch has been answered. */
    public record Drained(long epoch) implements Reply {}

    /** Lanes of the epoch are dealt to no more; it serves on with the others. */
    public record LanesLost(long epoch, Set<Integer> lanes) implements Reply {
        public LanesLost {
            lanes = Set.copyOf(lanes);
        }
    }

    /** The epoch is at fault and cannot go on. */
    public record Faulty(long epoch, String reason) implements Reply {}

    /**
     * What a gateway has done since it started, and what its shards last said.
     *
     * @param startedEpochMillis when it did
     * @param epoch the active one, 0 for none
     * @param bytesHeld inputs of requests that have not been answered
     * @param bytesSent payload sent to other nodes in the active epoch
     * @param returned requests that have come back from the shards of the active epoch
     * @param awayNanos time that they were away, together
     * @param problem why it does not serve what its process should; empty when it does
     */
    public record Stats(
            long startedEpochMillis,
            long epoch,
            long completed,
            long failed,
            int queued,
            int inFlight,
            long bytesHeld,
            long bytesSent,
            long returned,
            long awayNanos,
            List<ShardReport> shards,
            String problem)
            implements ControlMessage {
        public Stats {
            shards = List.copyOf(shards);
        }
    }
}
