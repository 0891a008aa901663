package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Small constants: their values in, and new ones out. */
final class Constants {

    private Constants() {}

    /** A one-dimensional tensor of 64-bit integers. */
    static TensorProto integers(String name, List<Long> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putLong);
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(values.size())
                .setRawData(ByteString.copyFrom(bytes.flip()))
                .build();
    }

    /** Values of an integer tensor that holds its data itself. */
    static List<Long> integers(TensorProto tensor) {
        boolean wide = tensor.getDataType() == TensorProto.DataType.INT64.getNumber();
        if (tensor.getRawData().isEmpty()) {
            return wide
                    ? tensor.getInt64DataList()
                    : tensor.getInt32DataList().stream().map(Integer::longValue).toList();
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Long> values = new ArrayList<>();
        while (bytes.hasRemaining()) {
            values.add(wide ? bytes.getLong() : bytes.getInt());
        }
        return List.copyOf(values);
    }

    static boolean isInteger(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.INT64.getNumber()
                || tensor.getDataType() == TensorProto.DataType.INT32.getNumber();
    }

    static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    /** Dimensions of what a Constant node writes. */
    static List<Long> dimensions(NodeProto constant) {
        AttributeProto value = constant.getAttribute(0);
        return switch (value.getType()) {
            case TENSOR -> value.getT().getDimsList();
            case INTS -> List.of((long) value.getIntsCount());
            case FLOATS -> List.of((long) value.getFloatsCount());
            default -> List.of();
        };
    }
}
