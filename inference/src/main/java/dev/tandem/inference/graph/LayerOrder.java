package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topological order that finishes one branch before it begins the next: depth first from the outputs, inputs in
 * operator order. Cuts inside parallel branches then cross few tensors.
 */
final class LayerOrder {
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Set<NodeProto> seen = new HashSet<>();
    private final List<NodeProto> order = new ArrayList<>();

    private LayerOrder() {}

    /** The nodes that are layers, ordered; nodes that no output needs come last. */
    static List<NodeProto> of(GraphProto graph, ConstantTensors constants) {
        LayerOrder order = new LayerOrder();
        List<NodeProto> layers = graph.getNodeList().stream()
                .filter(node -> !constants.contains(node))
                .toList();
        layers.forEach(node -> node.getOutputList().forEach(output -> order.producers.put(output, node)));
        graph.getOutputList().forEach(output -> order.visit(order.producers.get(output.getName())));
        layers.forEach(order::visit);
        return order.order;
    }

    /** Appends a node after everything that it needs; a stack instead of recursion, as models may be deep. */
    private void visit(@Nullable NodeProto root) {
        Deque<Visit> stack = new ArrayDeque<>();
        enter(root, stack);
        while (!stack.isEmpty()) {
            Visit visit = stack.getFirst();
            if (visit.pending.hasNext()) {
                enter(producers.get(visit.pending.next()), stack);
            } else {
                order.add(stack.removeFirst().node);
            }
        }
    }

    private void enter(@Nullable NodeProto node, Deque<Visit> stack) {
        if (node != null && seen.add(node)) {
            stack.addFirst(new Visit(node, NodeInputs.of(node).iterator()));
        }
    }

    private record Visit(NodeProto node, Iterator<String> pending) {}
}
