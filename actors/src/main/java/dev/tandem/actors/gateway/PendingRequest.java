package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A request that has been accepted; it is answered exactly once. */
final class PendingRequest {

    private final RequestId request;
    private final long arrival;
    private final @Nullable String modelDigest;
    private final List<Tensor> inputs;
    private final long deadlineEpochMillis;
    private final ActorRef<InferenceReply> replyTo;
    private boolean answered;

    /**
     * @param arrival number of the request at this gateway, by which those that are sent again keep their order
     * @param modelDigest of the model that it was asked of; null when none was active
     */
    PendingRequest(GatewayMessages.Infer infer, long arrival, @Nullable String modelDigest) {
        this.request = infer.request();
        this.arrival = arrival;
        this.modelDigest = modelDigest;
        this.inputs = infer.inputs();
        this.deadlineEpochMillis = infer.deadlineEpochMillis();
        this.replyTo = infer.replyTo();
    }

    RequestId request() {
        return request;
    }

    long arrival() {
        return arrival;
    }

    /** Whether it may be answered by this model: the one that it was asked of, or any when there was none. */
    boolean isFor(String otherModelDigest) {
        return modelDigest == null || modelDigest.equals(otherModelDigest);
    }

    /** Whether it is known of which model it was asked, whose inputs it fits then. */
    boolean hasModel() {
        return modelDigest != null;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    /** The input of that name; only of a request that fits its model. */
    Tensor input(String name) {
        return inputs.stream()
                .filter(tensor -> tensor.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    long inputBytes() {
        return inputs.stream().mapToLong(tensor -> tensor.spec().bytes()).sum();
    }

    long deadlineEpochMillis() {
        return deadlineEpochMillis;
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isExpired(long nowEpochMillis) {
        return nowEpochMillis > deadlineEpochMillis;
    }

    /** Whether this was the answer; false when the request had one already. */
    boolean complete(long epoch, List<Tensor> outputs) {
        return answer(new InferenceReply.Completed(request, epoch, outputs));
    }

    /** Whether this was the answer; false when the request had one already. */
    boolean fail(ErrorCode code, String reason) {
        return answer(new InferenceReply.Failed(request, code, reason));
    }

    private boolean answer(InferenceReply reply) {
        if (answered) {
            return false;
        }
        answered = true;
        replyTo.tell(reply);
        return true;
    }
}
