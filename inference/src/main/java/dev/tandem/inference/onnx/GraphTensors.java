package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Walks a graph with its subgraphs: the constants they hold and the operator domains they use. */
final class GraphTensors {

    private GraphTensors() {}

    /** Every initialiser and tensor attribute, those of subgraphs included. */
    static List<TensorProto> of(GraphProto graph) {
        List<TensorProto> tensors = new ArrayList<>(graph.getInitializerList());
        for (NodeProto node : graph.getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasT()) {
                    tensors.add(attribute.getT());
                }
                tensors.addAll(attribute.getTensorsList());
                if (attribute.hasG()) {
                    tensors.addAll(of(attribute.getG()));
                }
                attribute.getGraphsList().forEach(subgraph -> tensors.addAll(of(subgraph)));
            }
        }
        return tensors;
    }

    /** Replaces every initialiser, those of subgraphs included. */
    static void replace(GraphProto.Builder graph, UnaryOperator<TensorProto> replacement) {
        for (int index = 0; index < graph.getInitializerCount(); index++) {
            graph.setInitializer(index, replacement.apply(graph.getInitializer(index)));
        }
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
    static Set<String> domains(GraphProto graph) {
        Set<String> domains = new TreeSet<>();
        for (NodeProto node : graph.getNodeList()) {
            domains.add(canonicalDomain(node.getDomain()));
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    domains.addAll(domains(attribute.getG()));
                }
                attribute.getGraphsList().forEach(subgraph -> domains.addAll(domains(subgraph)));
            }
        }
        return domains;
    }

    /** The standard domain has two spellings. */
    static String canonicalDomain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }
}
