package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import java.util.List;
import java.util.Map;
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
     */
    public record Activate(
            long epoch,
            Plan plan,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            List<ShardRef> shards,
            Map<String, TetherAddress> tethers,
            int window,
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
     * From the supervisor: the epoch can give no more answers. What is in flight waits for the next epoch, or fails when
     * there will be none.
     */
    public record Abandon(long epoch, String reason, boolean anotherFollows) implements Command, ControlMessage {}

    /** Asks for {@link Stats}. */
    public record Describe(ActorRef<Stats> replyTo) implements Command {}

    /** What a gateway tells the supervisor. */
    public sealed interface Reply extends ControlMessage {
        long epoch();
    }

    /** Requests now go to this epoch. */
    public record Activated(long epoch) implements Reply {}

    /** The last request of this epoch has been answered. */
    public record Drained(long epoch) implements Reply {}

    /** The epoch is at fault and cannot go on. */
    public record Faulty(long epoch, String reason) implements Reply {}

    /**
     * What a gateway has done since it started, and what its shards last said.
     *
     * @param epoch the active one, 0 for none
     */
    public record Stats(long epoch, long completed, long failed, int queued, int inFlight, List<ShardReport> shards) {
        public Stats {
            shards = List.copyOf(shards);
        }
    }
}
