package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.OnnxTypes;

/** Tensor declarations of ONNX graphs. */
final class Declarations {

    private Declarations() {}

    static ValueInfoProto of(TensorSpec tensor) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        tensor.shape().forEach(extent -> shape.addDimBuilder().setDimValue(extent));
        TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder()
                .setElemType(OnnxTypes.of(tensor.type()).getNumber())
                .setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(tensor.name())
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }
}
