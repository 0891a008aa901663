package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tandem.core.graph.ElementType;
import java.util.Optional;
import java.util.stream.Stream;

/** Element types between ONNX files and the model graph, which call them by the same names. */
public final class OnnxTypes {

    private OnnxTypes() {}

    /** The element type of an ONNX data type number; none for strings, complex and sub-byte types. */
    public static Optional<ElementType> of(int dataType) {
        DataType type = DataType.forNumber(dataType);
        return Stream.of(ElementType.values())
                .filter(candidate -> type != null && candidate.name().equals(type.name()))
                .findFirst();
    }

    /** The ONNX data type of an element type. */
    public static DataType of(ElementType type) {
        return DataType.valueOf(type.name());
    }

    /** Bytes of a constant's elements, as stored. */
    public static long storedBytes(TensorProto tensor) {
        long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
        int bits = bits(tensor.getDataType());
        return bits == 0 ? tensor.getRawData().size() : (elements * bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Of an element; 0 where that differs between elements. */
    public static int bits(int dataType) {
        Optional<ElementType> type = of(dataType);
        if (type.isPresent()) {
            return type.get().bytes() * Byte.SIZE;
        }
        DataType other = DataType.forNumber(dataType);
        if (other == DataType.INT4 || other == DataType.UINT4) {
            return Byte.SIZE / 2;
        }
        return other != null && other.name().startsWith("FLOAT8") ? Byte.SIZE : 0;
    }
}
