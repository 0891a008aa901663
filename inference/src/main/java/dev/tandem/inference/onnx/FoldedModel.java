package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.tandem.inference.graph.GraphTensors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the runtime saved, tidied: unused opset imports go, every node has a name, large dense layers are divided, every large
 * weight has its own file.
 *
 * @param skeleton the graph
 * @param divided the dense layers that were divided
 */
record FoldedModel(ModelProto skeleton, List<DividedLayer> divided) {

    static FoldedModel tidy(ModelProto folded, WeightStore store, long mostDenseBytes) {
        ModelProto.Builder model = folded.toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        nameNodes(graph);
        List<DividedLayer> divided = DenseDivision.divide(graph, store, mostDenseBytes);
        GraphTensors.replace(graph, store::rehome);
        keepUsedImports(model);
        graph.clearValueInfo();
        return new FoldedModel(model.build(), divided);
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
