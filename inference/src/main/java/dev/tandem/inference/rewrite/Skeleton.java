package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.graph.ConstantTensors;
import dev.tandem.inference.graph.LoweredGraph;
import dev.tandem.inference.graph.LoweredNode;
import dev.tandem.inference.graph.NodeInputs;
import dev.tandem.inference.graph.Opsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A folded model's nodes and constants by name, those that its graph sees lowered as their parts. */
final class Skeleton {

    private final ModelProto model;
    private final LoweredGraph lowered;
    private final Map<String, NodeProto> nodes = new HashMap<>();
    private final Map<String, NodeProto> writers = new HashMap<>();
    private final Map<String, TensorProto> initialisers = new HashMap<>();
    private final ConstantTensors constants;

    /** @param graph of that model */
    Skeleton(ModelProto model, ModelGraph graph) {
        this.model = model;
        this.lowered = LoweredGraph.of(model, graph);
        index(lowered.proto());
        this.constants = ConstantTensors.of(lowered.proto());
    }

    private void index(GraphProto graph) {
        for (NodeProto node : graph.getNodeList()) {
            nodes.put(node.getName(), node);
            node.getOutputList().forEach(output -> writers.put(output, node));
        }
        graph.getInitializerList().forEach(tensor -> initialisers.put(tensor.getName(), tensor));
    }

    ModelProto model() {
        return model;
    }

    /** The node of a layer. */
    NodeProto node(String layer) {
        NodeProto node = nodes.get(layer);
        if (node == null) {
            throw new IllegalArgumentException("layer '" + layer + "' has no node in graph '"
                    + model.getGraph().getName() + "'. Maybe graph and model are not of one origin.");
        }
        return node;
    }

    /** The nodes of layers, where all parts of a lowered one are among them with that one in the place of its last part. */
    List<NodeProto> restored(List<NodeProto> parts) {
        Set<String> present = new HashSet<>();
        parts.forEach(part -> present.add(part.getName()));
        List<NodeProto> nodes = new ArrayList<>(parts);
        for (LoweredNode node : lowered.nodes().values()) {
            if (node.parts().stream().map(NodeProto::getName).allMatch(present::contains)) {
                NodeProto last = node.parts().get(node.parts().size() - 1);
                nodes.replaceAll(part -> part.equals(last) ? node.original() : part);
                nodes.removeAll(node.parts());
            }
        }
        return List.copyOf(nodes);
    }

    /** Version of the standard operators. */
    long opset() {
        return Opsets.standard(model);
    }

    /**
     * The nodes and initialisers from which the given constants come.
     *
     * @param constants names of tensors that are no activations
     */
    Origins origins(Set<String> constants) {
        Set<String> seen = new HashSet<>();
        constants.forEach(constant -> addOrigins(constant, seen));
        GraphProto graph = lowered.proto();
        return new Origins(
                graph.getNodeList().stream()
                        .filter(node -> node.getOutputList().stream().anyMatch(seen::contains))
                        .toList(),
                graph.getInitializerList().stream()
                        .filter(tensor -> seen.contains(tensor.getName()))
                        .toList());
    }

    private void addOrigins(String constant, Set<String> seen) {
        if (!seen.add(constant) || initialisers.containsKey(constant)) {
            return;
        }
        NodeProto writer = writers.get(constant);
        if (writer == null) {
            throw new IllegalArgumentException("tensor '" + constant + "' of graph '"
                    + model.getGraph().getName() + "' must be an activation or a constant, but nothing writes it.");
        }
        NodeInputs.of(writer).forEach(name -> addOrigins(name, seen));
    }

    /** The initialiser of that name; none where a constant is computed. */
    Optional<TensorProto> initialiser(String constant) {
        return Optional.ofNullable(initialisers.get(constant));
    }

    /** The node that computes a constant; none for an initialiser. */
    Optional<NodeProto> writer(String constant) {
        return Optional.ofNullable(writers.get(constant));
    }

    /** Shapes and values of the constants. */
    ConstantTensors constants() {
        return constants;
    }

    /** What constants come from, each in the order of the graph. */
    record Origins(List<NodeProto> nodes, List<TensorProto> initialisers) {}
}
