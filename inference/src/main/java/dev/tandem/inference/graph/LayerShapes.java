package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node with what is known of its inputs and outputs: activations by specification, constants by shape and value. */
record LayerShapes(
        NodeProto node,
        NodeAttributes attributes,
        Map<String, TensorSpec> tensors,
        ConstantTensors constants,
        long opset) {

    static LayerShapes of(NodeProto node, Map<String, TensorSpec> tensors, ConstantTensors constants, long opset) {
        return new LayerShapes(node, new NodeAttributes(node), tensors, constants, opset);
    }

    String operator() {
        return node.getOpType();
    }

    int inputCount() {
        return node.getInputCount();
    }

    boolean hasInput(int index) {
        return index < node.getInputCount() && !node.getInput(index).isEmpty();
    }

    /** Whether the input is there and depends on the model's inputs. */
    boolean isActivation(int index) {
        return hasInput(index) && !constants.contains(node.getInput(index));
    }

    /** Specification of an input activation; none for a constant. */
    Optional<TensorSpec> activation(int index) {
        return isActivation(index) ? Optional.ofNullable(tensors.get(node.getInput(index))) : Optional.empty();
    }

    /** Shape of an input, activation or constant, where known. */
    Optional<List<Long>> shape(int index) {
        if (!hasInput(index)) {
            return Optional.empty();
        }
        return activation(index)
                .map(spec -> spec.shape().stream().map(Integer::longValue).toList())
                .or(() -> constants.shape(node.getInput(index)));
    }

    /** Values of a constant input of whole numbers; none where it is omitted, computed, or large. */
    Optional<List<Integer>> integers(int index) {
        return hasInput(index) ? constants.integers(node.getInput(index)) : Optional.empty();
    }

    /** Values of a constant input of FLOAT; none where it is omitted, computed, or large. */
    Optional<List<Float>> floats(int index) {
        return hasInput(index) ? constants.floats(node.getInput(index)) : Optional.empty();
    }

    /** Specification of the first output. */
    Optional<TensorSpec> output() {
        return Optional.ofNullable(tensors.get(node.getOutput(0)));
    }

    /** Outputs that are really written, the omitted ones left out. */
    List<String> outputs() {
        return node.getOutputList().stream().filter(output -> !output.isEmpty()).toList();
    }
}
