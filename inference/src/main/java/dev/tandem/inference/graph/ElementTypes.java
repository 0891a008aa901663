package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.tandem.core.graph.ElementType;
import java.util.Optional;

/** Element types between ONNX, ONNX Runtime and the model graph. */
public final class ElementTypes {

    private ElementTypes() {}

    /** The element type of an ONNX data type number; none for strings, complex and sub-byte types. */
    public static Optional<ElementType> ofOnnx(int dataType) {
        DataType type = DataType.forNumber(dataType);
        if (type == null) {
            return Optional.empty();
        }
        return switch (type) {
            case FLOAT -> Optional.of(ElementType.FLOAT);
            case FLOAT16 -> Optional.of(ElementType.FLOAT16);
            case BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
            case DOUBLE -> Optional.of(ElementType.DOUBLE);
            case INT8 -> Optional.of(ElementType.INT8);
            case UINT8 -> Optional.of(ElementType.UINT8);
            case INT16 -> Optional.of(ElementType.INT16);
            case UINT16 -> Optional.of(ElementType.UINT16);
            case INT32 -> Optional.of(ElementType.INT32);
            case UINT32 -> Optional.of(ElementType.UINT32);
            case INT64 -> Optional.of(ElementType.INT64);
            case UINT64 -> Optional.of(ElementType.UINT64);
            case BOOL -> Optional.of(ElementType.BOOL);
            default -> Optional.empty();
        };
    }

    /** The element type of a tensor that ONNX Runtime returned; none for strings, complex and sub-byte types. */
    public static Optional<ElementType> ofRuntime(OnnxTensorType type) {
        return switch (type) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(ElementType.FLOAT);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(ElementType.FLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(ElementType.DOUBLE);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(ElementType.INT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(ElementType.UINT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(ElementType.INT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(ElementType.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(ElementType.INT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(ElementType.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(ElementType.INT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(ElementType.UINT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(ElementType.BOOL);
            default -> Optional.empty();
        };
    }

    /**
     * The type by which ONNX Runtime's Java binding makes such a tensor.
     *
     * @throws IllegalArgumentException for the unsigned types of 16 bits and more, which the binding cannot make
     */
    public static OnnxJavaType javaType(ElementType type) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case DOUBLE -> OnnxJavaType.DOUBLE;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case UINT16, UINT32, UINT64 ->
                throw new IllegalArgumentException("element type " + type
                        + " cannot be made by the Java binding, expected a float, a signed integer, UINT8 or BOOL.");
        };
    }

    /** Bytes of a constant's elements, as stored. */
    public static long storedBytes(TensorProto tensor) {
        long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
        return ofOnnx(tensor.getDataType()).map(type -> elements * type.bytes()).orElseGet(() ->
                (long) tensor.getRawData().size());
    }
}
