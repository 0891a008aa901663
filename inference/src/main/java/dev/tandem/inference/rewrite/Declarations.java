package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;

/** Tensor declarations of ONNX graphs. */
final class Declarations {

    private Declarations() {}

    static ValueInfoProto of(TensorSpec tensor) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        tensor.shape().forEach(extent -> shape.addDimBuilder().setDimValue(extent));
        TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder()
                .setElemType(type(tensor.type()).getNumber())
                .setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(tensor.name())
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    private static DataType type(ElementType type) {
        return switch (type) {
            case FLOAT -> DataType.FLOAT;
            case FLOAT16 -> DataType.FLOAT16;
            case BFLOAT16 -> DataType.BFLOAT16;
            case DOUBLE -> DataType.DOUBLE;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case INT16 -> DataType.INT16;
            case UINT16 -> DataType.UINT16;
            case INT32 -> DataType.INT32;
            case UINT32 -> DataType.UINT32;
            case INT64 -> DataType.INT64;
            case UINT64 -> DataType.UINT64;
            case BOOL -> DataType.BOOL;
        };
    }
}
