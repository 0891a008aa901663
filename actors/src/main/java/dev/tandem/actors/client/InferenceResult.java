package dev.tandem.actors.client;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import java.util.List;

/**
 * The answer to a request.
 *
 * @param epoch plan that computed it
 * @param gateway name of the member through which it went
 * @param outputs of the model, in the model's order
 */
public record InferenceResult(RequestId request, long epoch, String gateway, List<Tensor> outputs) {

    public InferenceResult {
        outputs = List.copyOf(outputs);
    }

    /**
     * The output of that name.
     *
     * @throws IllegalArgumentException when the model has none of that name
     */
    public Tensor output(String name) {
        return outputs.stream()
                .filter(tensor -> tensor.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("output '" + name + "' must be one of the model's: " + outputs));
    }
}
