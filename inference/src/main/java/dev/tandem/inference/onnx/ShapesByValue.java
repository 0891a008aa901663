package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.inference.graph.ConstantTensors;
import dev.tandem.inference.graph.NodeInputs;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds tensors whose shape depends on the values of the model's inputs, such as the boxes that a detector finds. Plans
 * and buffers are made for one shape of every tensor, and one run on generated inputs cannot tell that shape.
 */
final class ShapesByValue {
    /** Operators that write as many elements as they find. */
    private static final Set<String> BY_OPERATOR = Set.of("NonZero", "NonMaxSuppression", "Compress", "Unique");

    /** Inputs whose values say what shape the output has; the trip count and first condition of a loop among them. */
    private static final Map<String, List<Integer>> BY_INPUT = Map.ofEntries(
            Map.entry("CenterCropPad", List.of(1)),
            Map.entry("ConstantOfShape", List.of(0)),
            Map.entry("Expand", List.of(1)),
            Map.entry("Loop", List.of(0, 1)),
            Map.entry("OneHot", List.of(1)),
            Map.entry("Pad", List.of(1, 3)),
            Map.entry("Range", List.of(0, 1, 2)),
            Map.entry("Reshape", List.of(1)),
            Map.entry("Resize", List.of(1, 2, 3)),
            Map.entry("Slice", List.of(1, 2, 3, 4)),
            Map.entry("Split", List.of(1)),
            Map.entry("Squeeze", List.of(1)),
            Map.entry("Tile", List.of(1)),
            Map.entry("TopK", List.of(1)),
            Map.entry("Unsqueeze", List.of(1)),
            Map.entry("Upsample", List.of(1)));

    /** What these write is known once the shapes are. */
    private static final Set<String> OF_SHAPES = Set.of("Shape", "Size");

    /** Tensors whose values depend on the model's inputs. */
    private final Set<String> varying = new HashSet<>();

    private ShapesByValue() {}

    /**
     * Refuses a graph that has such a tensor.
     *
     * @param graph with its nodes in topological order, as ONNX demands
     * @throws ModelRefusedException with operator, node and tensor
     */
    static void refuse(OnnxFile source, GraphProto graph) {
        ShapesByValue shapes = new ShapesByValue();
        graph.getInputList().forEach(input -> shapes.varying.add(input.getName()));
        ConstantTensors constants = ConstantTensors.of(graph);
        for (NodeProto node : graph.getNodeList()) {
            if (!constants.contains(node)) {
                shapes.visit(source, node);
            }
        }
    }

    private void visit(OnnxFile source, NodeProto node) {
        reason(node).ifPresent(reason -> {
            throw new ModelRefusedException("model " + source.path() + " computes tensor '" + node.getOutput(0)
                    + "' by operator '" + node.getOpType() + "' in node '" + node.getName()
                    + "', and its shape depends on the values of " + reason
                    + ", expected shapes that are the same for every input. Maybe cut the model before that node.");
        });
        boolean varies = NodeInputs.of(node).stream().anyMatch(varying::contains);
        if (varies && !OF_SHAPES.contains(node.getOpType())) {
            varying.addAll(node.getOutputList());
        }
    }

    /** What the shape of the outputs depends on, if it does. */
    private Optional<String> reason(NodeProto node) {
        boolean everyInput = BY_OPERATOR.contains(node.getOpType());
        List<Integer> shaping = BY_INPUT.getOrDefault(node.getOpType(), List.of());
        return IntStream.range(0, node.getInputCount())
                .filter(input -> everyInput || shaping.contains(input))
                .mapToObj(node::getInput)
                .filter(varying::contains)
                .findFirst()
                .map(input -> "'" + input + "'");
    }
}
