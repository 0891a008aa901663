package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.tandem.inference.graph.GraphTensors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tidies what the runtime saved: unused opset imports go, every node has a name, every large weight its own file. */
final class FoldedModel {

    private FoldedModel() {}

    static ModelProto tidy(ModelProto folded, WeightStore store) {
        ModelProto.Builder model = folded.toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        GraphTensors.replace(graph, store::rehome);
        nameNodes(graph);
        keepUsedImports(model);
        graph.clearValueInfo();
        return model.build();
    }

    private static void keepUsedImports(ModelProto.Builder model) {
        Set<String> used = GraphTensors.domains(model.getGraph());
        List<OperatorSetIdProto> imports = model.getOpsetImportList().stream()
                .filter(opset -> used.contains(GraphTensors.canonicalDomain(opset.getDomain())))
                .toList();
        model.clearOpsetImport().addAllOpsetImport(imports);
    }

    /** Names are stable: they follow from the order in which the runtime saves, which follows from the model. */
    private static void nameNodes(GraphProto.Builder graph) {
        Set<String> taken = new HashSet<>();
        graph.getNodeList().forEach(node -> taken.add(node.getName()));
        Set<String> used = new HashSet<>();
        for (int index = 0; index < graph.getNodeCount(); index++) {
            NodeProto.Builder node = graph.getNodeBuilder(index);
            if (node.getName().isEmpty() || !used.add(node.getName())) {
                String name = node.getOpType() + "_" + index;
                while (!taken.add(name)) {
                    name += "_";
                }
                used.add(name);
                node.setName(name);
            }
        }
    }
}
