package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A folded model's nodes and constants by name. */
final class Skeleton {

    private final ModelProto model;
    private final Map<String, NodeProto> nodes = new HashMap<>();
    private final Map<String, NodeProto> writers = new HashMap<>();
    private final Map<String, TensorProto> initialisers = new HashMap<>();

    Skeleton(ModelProto model) {
        this.model = model;
        GraphProto graph = model.getGraph();
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

    /** Version of the standard operators. */
    long opset() {
        return model.getOpsetImportList().stream()
                .filter(opset -> isStandard(opset.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
    }

    private static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** Every tensor that a node reads, those that its subgraphs take from around them included. */
    static List<String> reads(NodeProto node) {
        List<String> reads = new ArrayList<>(node.getInputList());
        subgraphs(node).forEach(graph -> reads.addAll(captured(graph)));
        reads.removeIf(String::isEmpty);
        return reads;
    }

    static boolean hasSubgraph(NodeProto node) {
        return subgraphs(node).findAny().isPresent();
    }

    private static Stream<GraphProto> subgraphs(NodeProto node) {
        return node.getAttributeList().stream().flatMap(Skeleton::graphs);
    }

    private static Stream<GraphProto> graphs(AttributeProto attribute) {
        Stream<GraphProto> one = attribute.hasG() ? Stream.of(attribute.getG()) : Stream.empty();
        return Stream.concat(one, attribute.getGraphsList().stream());
    }

    private static List<String> captured(GraphProto graph) {
        Set<String> own = new HashSet<>();
        graph.getInputList().forEach(input -> own.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
        graph.getNodeList().forEach(node -> own.addAll(node.getOutputList()));
        Stream<String> read = graph.getNodeList().stream().flatMap(node -> reads(node).stream());
        Stream<String> returned = graph.getOutputList().stream().map(output -> output.getName());
        return Stream.concat(read, returned).filter(name -> !own.contains(name)).toList();
    }

    /**
     * The nodes and initialisers from which the given constants come.
     *
     * @param constants names of tensors that are no activations
     */
    Origins origins(Set<String> constants) {
        Set<String> seen = new HashSet<>();
        constants.forEach(constant -> addOrigins(constant, seen));
        GraphProto graph = model.getGraph();
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
        reads(writer).forEach(name -> addOrigins(name, seen));
    }

    /** Dimensions of a constant, where they can be told without computing it. */
    Optional<List<Long>> dimensions(String constant) {
        TensorProto initialiser = initialisers.get(constant);
        if (initialiser != null) {
            return Optional.of(initialiser.getDimsList());
        }
        NodeProto writer = writers.get(constant);
        if (writer == null) {
            return Optional.empty();
        }
        return switch (writer.getOpType()) {
            case "Constant" -> Optional.of(Constants.dimensions(writer));
            case "DequantizeLinear", "QuantizeLinear", "Cast", "Identity" -> dimensions(writer.getInput(0));
            default -> Optional.empty();
        };
    }

    /** Values of a constant integer tensor that the graph itself holds. */
    Optional<List<Long>> integers(String constant) {
        TensorProto initialiser = initialisers.get(constant);
        if (initialiser != null) {
            return Optional.of(initialiser)
                    .filter(tensor -> Constants.isInteger(tensor) && !Constants.isExternal(tensor))
                    .map(Constants::integers);
        }
        return Optional.ofNullable(writers.get(constant))
                .filter(writer -> writer.getOpType().equals("Constant"))
                .flatMap(writer -> Attributes.find(writer, "value"))
                .map(AttributeProto::getT)
                .filter(Constants::isInteger)
                .map(Constants::integers);
    }

    /** What constants come from, each in the order of the graph. */
    record Origins(List<NodeProto> nodes, List<TensorProto> initialisers) {}
}
