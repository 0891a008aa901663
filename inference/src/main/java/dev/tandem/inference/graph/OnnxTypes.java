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
        return of(tensor.getDataType()).map(type -> elements * type.bytes()).orElseGet(() ->
                (long) tensor.getRawData().size());
    }
}
