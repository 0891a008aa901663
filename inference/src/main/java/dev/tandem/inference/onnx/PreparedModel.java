package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Makes a model as it came ready for folding: constants are constants, and every input has a fixed shape. */
final class PreparedModel {

    private PreparedModel() {}

    static ModelProto of(OnnxFile source, FoldOptions options) {
        ModelProto.Builder model = source.model().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        dropConstantInputs(graph);
        constantsToInitialisers(graph);
        source.relocate(graph);
        options.dimensions().bind(graph);
        // Shapes that the exporter noted may belong to another batch; the runtime infers them anew.
        graph.clearValueInfo();
        return model.build();
    }

    /** Old exporters list initialisers as inputs; the runtime then must not fold them, as a caller could override them. */
    private static void dropConstantInputs(GraphProto.Builder graph) {
        Set<String> initialisers = new HashSet<>();
        graph.getInitializerList().forEach(initialiser -> initialisers.add(initialiser.getName()));
        graph.getSparseInitializerList()
                .forEach(sparse -> initialisers.add(sparse.getValues().getName()));
        for (int index = graph.getInputCount() - 1; index >= 0; index--) {
            if (initialisers.contains(graph.getInput(index).getName())) {
                graph.removeInput(index);
            }
        }
    }

    /** The runtime reads external data for initialisers only, and large Constant nodes were read as external data. */
    private static void constantsToInitialisers(GraphProto.Builder graph) {
        for (int index = graph.getNodeCount() - 1; index >= 0; index--) {
            NodeProto node = graph.getNode(index);
            Optional<TensorProto> value = externalConstant(node);
            if (value.isPresent()) {
                graph.addInitializer(value.get().toBuilder().setName(node.getOutput(0)));
                graph.removeNode(index);
            }
        }
    }

    private static Optional<TensorProto> externalConstant(NodeProto node) {
        if (!node.getOpType().equals("Constant")) {
            return Optional.empty();
        }
        return node.getAttributeList().stream()
                .filter(AttributeProto::hasT)
                .map(AttributeProto::getT)
                .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
                .findFirst();
    }
}
