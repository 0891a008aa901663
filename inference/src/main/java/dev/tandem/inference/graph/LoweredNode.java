package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;

/**
 * A node that reduces whole feature maps, and the nodes that compute the same with what a row gives apart from the others.
 *
 * @param original as the model has it
 * @param parts in an order in which they can run; the last has the original's name and writes its outputs
 * @param constants that the parts read and the model does not have
 * @param tensors what the parts write beside the original's outputs
 */
public record LoweredNode(
        NodeProto original, List<NodeProto> parts, List<TensorProto> constants, List<TensorSpec> tensors) {

    public LoweredNode {
        parts = List.copyOf(parts);
        constants = List.copyOf(constants);
        tensors = List.copyOf(tensors);
    }
}
