package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Everything that a node reads, what its subgraphs take from outside included. */
public final class NodeInputs {

    private NodeInputs() {}

    /** Names in operator order, each once; omitted optional inputs are left out. */
    public static Set<String> of(NodeProto node) {
        Set<String> inputs = new LinkedHashSet<>(node.getInputList());
        inputs.remove("");
        GraphTensors.subgraphs(node).forEach(subgraph -> inputs.addAll(captured(subgraph)));
        return inputs;
    }

    private static Set<String> captured(GraphProto subgraph) {
        Set<String> own = new HashSet<>();
        subgraph.getInputList().forEach(input -> own.add(input.getName()));
        subgraph.getInitializerList().forEach(initialiser -> own.add(initialiser.getName()));
        Set<String> read = new LinkedHashSet<>();
        for (NodeProto node : subgraph.getNodeList()) {
            read.addAll(of(node));
            own.addAll(node.getOutputList());
        }
        subgraph.getOutputList().forEach(output -> read.add(output.getName()));
        read.removeAll(own);
        return read;
    }
}
