package dev.tandem.inference.runtime;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;

/**
 * The smallest model that shows whether an execution provider computes: relu(conv(x, 1x1 of 2)) over x of [1, 1, 2, 2], all
 * in numbers that every provider gets exactly right.
 */
final class ProbeModel {
    static final String INPUT_NAME = "x";
    static final long[] SHAPE = {1, 1, 2, 2};
    static final float[] INPUT = {-1, 0, 1, 2};
    static final float[] OUTPUT = {0, 0, 2, 4};

    private static final int IR_VERSION = 8;
    private static final int OPSET = 13;

    private ProbeModel() {}

    /** The model as a file would have it. */
    static byte[] bytes() {
        GraphProto graph = GraphProto.newBuilder()
                .setName("probe")
                .addInput(value(INPUT_NAME))
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addAllDims(List.of(1L, 1L, 1L, 1L))
                        .addFloatData(2))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Conv")
                        .addInput(INPUT_NAME)
                        .addInput("w")
                        .addOutput("c"))
                .addNode(NodeProto.newBuilder().setOpType("Relu").addInput("c").addOutput("y"))
                .addOutput(value("y"))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Arrays.stream(SHAPE)
                .forEach(extent ->
                        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(extent)));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
