package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.Layer;
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

    /** A layer and its node. */
    record Step(Layer layer, NodeProto node) {}

    /** The layers with their nodes. */
    List<Step> steps(List<Layer> layers) {
        return layers.stream().map(layer -> new Step(layer, node(layer.name()))).toList();
    }

    /** The same, but where all parts of a lowered node are among them, that one in the place of its last part. */
    List<Step> restored(List<Layer> layers) {
        Set<String> present = new HashSet<>();
        layers.forEach(layer -> present.add(layer.name()));
        List<Step> steps = new ArrayList<>(steps(layers));
        for (LoweredNode node : lowered.nodes().values()) {
            Set<String> parts = new HashSet<>();
            node.parts().forEach(part -> parts.add(part.getName()));
            if (present.containsAll(parts)) {
                steps.replaceAll(step ->
                        step.layer().name().equals(node.original().getName()) ? whole(step.layer(), node) : step);
                steps.removeIf(step ->
                        parts.contains(step.layer().name()) && !step.node().equals(node.original()));
            }
        }
        return List.copyOf(steps);
    }

    /** Along axes along which no part reads more than its own, the geometry is that of the last part. */
    private Step whole(Layer last, LoweredNode node) {
        List<String> inputs = node.original().getInputList().stream()
                .filter(lowered.tensors()::containsKey)
                .toList();
        Layer layer = new Layer(
                last.index(),
                last.name(),
                node.original().getOpType(),
                inputs,
                last.outputs(),
                last.multiplyAdds(),
                last.weightBytes(),
                last.geometry());
        return new Step(layer, node.original());
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
