package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** A request that has been accepted; it is answered exactly once. */
final class PendingRequest {

    private final RequestId request;
    private final Map<String, Tensor> inputs;
    private final long deadlineEpochMillis;
    private final ActorRef<InferenceReply> replyTo;
    private boolean answered;

    PendingRequest(GatewayMessages.Infer infer) {
        this.request = infer.request();
        this.inputs = infer.inputs().stream()
                .collect(Collectors.toUnmodifiableMap(tensor -> tensor.spec().name(), Function.identity()));
        this.deadlineEpochMillis = infer.deadlineEpochMillis();
        this.replyTo = infer.replyTo();
    }

    RequestId request() {
        return request;
    }

    Map<String, Tensor> inputs() {
        return inputs;
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
