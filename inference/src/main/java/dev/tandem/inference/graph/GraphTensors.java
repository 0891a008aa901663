package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Walks a graph with its subgraphs: the constants they hold and the operator domains they use. */
public final class GraphTensors {

    private GraphTensors() {}

    /** Every initialiser and tensor attribute, those of subgraphs included. */
    public static List<TensorProto> of(GraphProto graph) {
        List<TensorProto> tensors = new ArrayList<>(graph.getInitializerList());
        graph.getNodeList().forEach(node -> tensors.addAll(of(node)));
        return tensors;
    }

    /** Every tensor attribute of a node, and everything that its subgraphs hold. */
    static List<TensorProto> of(NodeProto node) {
        List<TensorProto> tensors = new ArrayList<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasT()) {
                tensors.add(attribute.getT());
            }
            tensors.addAll(attribute.getTensorsList());
        }
        subgraphs(node).forEach(subgraph -> tensors.addAll(of(subgraph)));
        return tensors;
    }

    /** The graphs that a node holds in its attributes. */
    public static Stream<GraphProto> subgraphs(NodeProto node) {
        return node.getAttributeList().stream()
                .flatMap(attribute ->
                        attribute.hasG() ? Stream.of(attribute.getG()) : attribute.getGraphsList().stream());
    }

    /**
     * Replaces every initialiser, those of subgraphs included, and keeps one of each name: ONNX Runtime saves those of
     * subgraphs twice and then does not load what it saved.
     */
    public static void replace(GraphProto.Builder graph, UnaryOperator<TensorProto> replacement) {
        Map<String, TensorProto> replaced = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            replaced.computeIfAbsent(tensor.getName(), name -> replacement.apply(tensor));
        }
        graph.clearInitializer().addAllInitializer(replaced.values());
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasG()) {
                    replace(attribute.getGBuilder(), replacement);
                }
                attribute.getGraphsBuilderList().forEach(subgraph -> replace(subgraph, replacement));
            }
        }
    }

    /** The domains of all operators, those of subgraphs included. */
    public static Set<String> domains(GraphProto graph) {
        Set<String> domains = new TreeSet<>();
        for (NodeProto node : graph.getNodeList()) {
            domains.add(canonicalDomain(node.getDomain()));
            subgraphs(node).forEach(subgraph -> domains.addAll(domains(subgraph)));
        }
        return domains;
    }

    /** The standard domain has two spellings. */
    public static String canonicalDomain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }
}
