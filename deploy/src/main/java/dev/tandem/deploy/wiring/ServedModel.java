package dev.tandem.deploy.wiring;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.deploy.tensor.TensorValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** A model that a cluster serves, asked with tensors on the heap. Thread-safe; belongs to the seat it was made from. */
public final class ServedModel {

    private final ClusterSeat seat;
    private final Deployment deployment;

    private ServedModel(ClusterSeat seat, Deployment deployment) {
        this.seat = seat;
        this.deployment = deployment;
    }

    /**
     * Has the model divided as ordered; returns when it is served. What the seat had served before is replaced.
     *
     * @throws dev.tandem.actors.client.PlanRefusedException when no plan fits
     * @throws dev.tandem.actors.client.RolloutFailedException when a plan could not be put in place
     */
    public static ServedModel deploy(ClusterSeat seat, OfferedModel model, DeployOrder order)
            throws TimeoutException, InterruptedException {
        ClusterSession session = seat.session();
        return new ServedModel(seat, session.deploy(model.model(), model.profile(), order, session.patience()));
    }

    public Plan plan() {
        return deployment.plan();
    }

    public ModelGraph graph() {
        return deployment.graph();
    }

    /**
     * Asks the model.
     *
     * @param inputs all inputs by name; left unchanged until the answer
     * @return outputs by name in the model's order, or {@link RequestFailedException}
     */
    public CompletionStage<Map<String, TensorValue>> infer(Map<String, TensorValue> inputs, Duration deadline) {
        List<Tensor> tensors = inputs.values().stream()
                .map(value -> Tensor.of(value.spec(), value.buffer()))
                .toList();
        return seat.session().infer(tensors, deadline).thenApply(this::outputs);
    }

    /** What the gateway and the shards have done. */
    public CompletionStage<Stats> stats() {
        return seat.session().stats();
    }

    private Map<String, TensorValue> outputs(InferenceReply reply) {
        if (reply instanceof InferenceReply.Failed failed) {
            throw new RequestFailedException(failed.code(), failed.reason());
        }
        Map<String, TensorValue> outputs = new LinkedHashMap<>();
        for (Tensor tensor : ((InferenceReply.Completed) reply).outputs()) {
            TensorSpec spec = tensor.spec();
            outputs.put(spec.name(), TensorValue.copyOf(spec, tensor.bytes()));
        }
        return outputs;
    }
}
