package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folded model's graph as its layers see it: nodes that reduce whole feature maps are lowered, see {@link RowLowering}. The
 * folded model itself keeps them, as the runtime computes them best. Quantised models are not lowered, because they may not be
 * cut at what is no integer; those of which only weights are quantised are. The same model gives the same graph everywhere.
 *
 * @param proto with the parts in the places of the nodes
 * @param tensors every activation by name, those between parts included
 * @param nodes the lowered ones, by their names
 */
public record LoweredGraph(GraphProto proto, Map<String, TensorSpec> tensors, Map<String, LoweredNode> nodes) {

    public LoweredGraph {
        tensors = Map.copyOf(tensors);
        nodes = Map.copyOf(nodes);
    }

    /**
     * Lowers what can be.
     *
     * @param model folded: every node has a unique name
     * @param tensors activations of the model by name
     */
    static LoweredGraph of(ModelProto model, Map<String, TensorSpec> tensors) {
        GraphProto graph = model.getGraph();
        Map<String, LoweredNode> nodes = new LinkedHashMap<>();
        ConstantTensors constants = ConstantTensors.of(graph);
        if (graph.getNodeList().stream().noneMatch(node -> isOfQuantised(node) && !constants.contains(node))) {
            long opset = Opsets.standard(model);
            for (NodeProto node : graph.getNodeList()) {
                Optional<LoweredNode> lowered = RowLowering.of(LayerShapes.of(node, tensors, constants, opset));
                lowered.ifPresent(parts -> nodes.put(node.getName(), parts));
            }
        }
        return new LoweredGraph(replaced(graph, nodes), with(tensors, nodes), nodes);
    }

    /** As the layers of a graph see the model: what is not lowered there is not lowered here. */
    public static LoweredGraph of(ModelProto model, ModelGraph graph) {
        LoweredGraph all = of(model, graph.tensors());
        Map<String, LoweredNode> nodes = new LinkedHashMap<>();
        all.nodes.forEach((name, node) -> {
            if (node.tensors().stream().map(TensorSpec::name).allMatch(graph.tensors()::containsKey)) {
                nodes.put(name, node);
            }
        });
        return new LoweredGraph(replaced(model.getGraph(), nodes), graph.tensors(), nodes);
    }

    private static boolean isOfQuantised(NodeProto node) {
        return node.getOpType().equals("DequantizeLinear");
    }

    private static GraphProto replaced(GraphProto graph, Map<String, LoweredNode> nodes) {
        if (nodes.isEmpty()) {
            return graph;
        }
        GraphProto.Builder replaced = graph.toBuilder().clearNode();
        for (NodeProto node : graph.getNodeList()) {
            LoweredNode lowered = nodes.get(node.getName());
            replaced.addAllNode(lowered == null ? List.of(node) : lowered.parts());
            if (lowered != null) {
                replaced.addAllInitializer(lowered.constants());
            }
        }
        return replaced.build();
    }

    private static Map<String, TensorSpec> with(Map<String, TensorSpec> tensors, Map<String, LoweredNode> nodes) {
        Map<String, TensorSpec> all = new HashMap<>(tensors);
        nodes.values().stream()
                .flatMap(node -> node.tensors().stream())
                .forEach(tensor -> all.put(tensor.name(), tensor));
        return all;
    }
}
