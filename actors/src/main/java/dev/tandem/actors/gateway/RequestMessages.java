package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * How applications ask a gateway, from wherever in the cluster they are.
 *
 * <p>{@link Ask} opens a request; right behind it follow the frames of the inputs, made by
 * {@link dev.tandem.actors.transport.TensorTransfer#frames}. The gateway says {@link Accepted} when it has them all, and
 * later either {@link Answered}, followed by the frames of the outputs, or {@link Declined}. The client says {@link Received}
 * when it has all outputs. A request whose gateway is
 * lost may be sent to another under the same id, and one that is not accepted in time again to the same, as another
 * attempt, whose number comes back in every answer. All of a client's messages must come from one actor, whose path is
 * among the large-message destinations.
 */
public final class RequestMessages {

    /** Under this key a cluster's gateways are found. */
    public static final ServiceKey<DataMessage> KEY = ServiceKey.create(DataMessage.class, "tandem-requests");

    private RequestMessages() {}

    /** Asks a gateway who it is; it answers {@link Greeted}. */
    public record Greeting(ActorRef<DataMessage> replyTo) implements DataMessage, ControlMessage {}

    /**
     * A gateway that is there.
     *
     * @param node name of its member
     * @param tether where the member can be tied to
     * @param models what it serves now
     */
    public record Greeted(ActorRef<DataMessage> gateway, String node, TetherAddress tether, List<String> models)
            implements DataMessage, ControlMessage {
        public Greeted {
            models = List.copyOf(models);
        }
    }

    /**
     * Opens a request.
     *
     * @param attempt 0 at first, one more each time that the request is sent again
     * @param model name of the model; empty for the only one that is served
     * @param timeLeftMillis until nobody waits for the answer any more
     * @param inputs of the model, in the order in which their frames follow
     */
    public record Ask(
            RequestId request,
            int attempt,
            String model,
            long timeLeftMillis,
            List<TensorSpec> inputs,
            ActorRef<DataMessage> replyTo)
            implements DataMessage, ControlMessage {
        public Ask {
            inputs = List.copyOf(inputs);
        }
    }

    /** The gateway has the request whole, and answers it unless the gateway itself is lost. */
    public record Accepted(RequestId request, int attempt) implements DataMessage, ControlMessage {}

    /**
     * The request was computed.
     *
     * @param epoch plan that computed it
     * @param outputs in the order in which their frames follow
     */
    public record Answered(RequestId request, int attempt, long epoch, List<TensorSpec> outputs)
            implements DataMessage, ControlMessage {
        public Answered {
            outputs = List.copyOf(outputs);
        }
    }

    /** From the client: it has all outputs. Until then, or until the deadline, they count as memory that the gateway holds. */
    public record Received(RequestId request, int attempt) implements DataMessage, ControlMessage {}

    /** There are no outputs, and why. */
    public record Declined(RequestId request, int attempt, ErrorCode code, String reason)
            implements DataMessage, ControlMessage {}
}
