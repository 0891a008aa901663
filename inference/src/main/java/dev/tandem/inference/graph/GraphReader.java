package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a folded ONNX graph as a model graph. A layer carries the name of its node, or of the part of a lowered node ({@link
 * LoweredGraph}), by which that is found again.
 */
public final class GraphReader {
    private final Map<String, TensorSpec> tensors;
    private final ConstantTensors constants;
    private final long opset;

    private GraphReader(Map<String, TensorSpec> tensors, ConstantTensors constants, long opset) {
        this.tensors = tensors;
        this.constants = constants;
        this.opset = opset;
    }

    /**
     * Reads a graph.
     *
     * @param model folded: every node has a unique name, no input names an initialiser
     * @param digest SHA-256 of the folded model
     * @param tensors every activation by name, model inputs and outputs included
     * @throws IllegalArgumentException when an activation lacks, or an output of the model is constant
     */
    public static ModelGraph read(ModelProto model, String name, String digest, Map<String, TensorSpec> tensors) {
        LoweredGraph lowered = LoweredGraph.of(model, tensors);
        GraphProto graph = lowered.proto();
        ConstantTensors constants = ConstantTensors.of(graph);
        GraphReader reader = new GraphReader(lowered.tensors(), constants, Opsets.standard(model));
        return new ModelGraph(
                name,
                digest,
                reader.specs(graph.getInputList()),
                reader.specs(graph.getOutputList()),
                reader.layers(LayerOrder.of(graph, constants)),
                lowered.tensors());
    }

    private List<TensorSpec> specs(List<ValueInfoProto> values) {
        return values.stream().map(value -> spec(value.getName())).toList();
    }

    private TensorSpec spec(String tensor) {
        TensorSpec spec = tensors.get(tensor);
        if (spec == null) {
            throw new IllegalArgumentException("tensor '" + tensor
                    + "' is constant or has no known shape, expected one that depends on the inputs.");
        }
        return spec;
    }

    private List<Layer> layers(List<NodeProto> nodes) {
        List<Layer> layers = new ArrayList<>();
        for (NodeProto node : nodes) {
            LayerShapes shapes = LayerShapes.of(node, tensors, constants, opset);
            shapes.outputs().forEach(this::spec);
            layers.add(new Layer(
                    layers.size(),
                    node.getName(),
                    node.getOpType(),
                    NodeInputs.of(node).stream()
                            .filter(tensors::containsKey)
                            .filter(input -> !constants.contains(input))
                            .toList(),
                    shapes.outputs(),
                    MultiplyAdds.of(shapes),
                    weightBytes(node),
                    Geometries.of(shapes)));
        }
        return layers;
    }

    /** A constant that several layers read counts for each, as each needs it wherever it runs; so does a subgraph's own. */
    private long weightBytes(NodeProto node) {
        Set<String> sources = new TreeSet<>();
        NodeInputs.of(node).forEach(input -> sources.addAll(constants.sources(input)));
        long inside =
                GraphTensors.of(node).stream().mapToLong(OnnxTypes::storedBytes).sum();
        return inside + sources.stream().mapToLong(constants::bytes).sum();
    }
}
