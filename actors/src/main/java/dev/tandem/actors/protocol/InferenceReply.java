package dev.tandem.actors.protocol;

import java.util.List;

/** What becomes of a request: every request gets exactly one. */
public sealed interface InferenceReply {

    RequestId request();

    /**
     * The model's outputs, in the model's order.
     *
     * @param epoch plan that computed them
     */
    record Completed(RequestId request, long epoch, List<Tensor> outputs) implements InferenceReply {
        public Completed {
            outputs = List.copyOf(outputs);
        }
    }

    /** No outputs, and why. */
    record Failed(RequestId request, ErrorCode code, String reason) implements InferenceReply {}
}
