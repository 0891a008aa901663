package dev.tandem.deploy.tensor;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** ONNX tensors in files of their own ({@code .pb}), the form in which test data of models is published. */
public final class TensorProtoFile {

    private static final Map<DataType, ElementType> TYPES = Map.ofEntries(
            Map.entry(DataType.FLOAT, ElementType.FLOAT),
            Map.entry(DataType.FLOAT16, ElementType.FLOAT16),
            Map.entry(DataType.BFLOAT16, ElementType.BFLOAT16),
            Map.entry(DataType.DOUBLE, ElementType.DOUBLE),
            Map.entry(DataType.INT8, ElementType.INT8),
            Map.entry(DataType.UINT8, ElementType.UINT8),
            Map.entry(DataType.INT16, ElementType.INT16),
            Map.entry(DataType.UINT16, ElementType.UINT16),
            Map.entry(DataType.INT32, ElementType.INT32),
            Map.entry(DataType.UINT32, ElementType.UINT32),
            Map.entry(DataType.INT64, ElementType.INT64),
            Map.entry(DataType.UINT64, ElementType.UINT64),
            Map.entry(DataType.BOOL, ElementType.BOOL));

    private TensorProtoFile() {}

    /**
     * Reads a file; the tensor keeps the name that it has in the file.
     *
     * @throws TensorFileException if the file is absent, not a tensor, or its elements are elsewhere or of another number
     */
    public static TensorValue read(Path file) {
        TensorProto proto = parse(file);
        ElementType type = TYPES.get(DataType.forNumber(proto.getDataType()));
        if (type == null) {
            throw new TensorFileException(
                    file,
                    "element type (" + proto.getDataType()
                            + ") must be one that ONNX tensors of numbers have. Maybe the"
                            + " file is not an ONNX TensorProto.");
        }
        if (proto.getDataLocation() == DataLocation.EXTERNAL) {
            throw new TensorFileException(file, "elements must be in the file itself, not in external data.");
        }
        TensorValue value = TensorValue.allocate(new TensorSpec(proto.getName(), type, shape(file, proto)));
        copyElements(file, proto, value);
        return value;
    }

    private static TensorProto parse(Path file) {
        try {
            return TensorProto.parseFrom(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new TensorFileException(file, "no such file.", e);
        } catch (InvalidProtocolBufferException e) {
            throw new TensorFileException(file, "is truncated or not an ONNX TensorProto: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new TensorFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Integer> shape(Path file, TensorProto proto) {
        try {
            return proto.getDimsList().stream().map(Math::toIntExact).toList();
        } catch (ArithmeticException e) {
            throw new TensorFileException(file, "shape (" + proto.getDimsList() + ") is too large.", e);
        }
    }

    private static void copyElements(Path file, TensorProto proto, TensorValue value) {
        if (!proto.getRawData().isEmpty()) {
            requireCount(file, "bytes", proto.getRawData().size(), value.spec().bytes());
            ByteBuffer raw = proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            copyRaw(raw, value);
            return;
        }
        requireCount(file, "elements", fieldCount(proto, value.spec().type()), value.size());
        ByteBuffer content = value.buffer();
        for (int index = 0; index < value.size(); index++) {
            putElement(content, proto, value.spec().type(), index);
        }
    }

    private static void copyRaw(ByteBuffer raw, TensorValue value) {
        ByteBuffer content = value.buffer();
        switch (value.spec().type().bytes()) {
            case 2 -> content.asShortBuffer().put(raw.asShortBuffer());
            case 4 -> content.asIntBuffer().put(raw.asIntBuffer());
            case 8 -> content.asLongBuffer().put(raw.asLongBuffer());
            default -> content.put(raw);
        }
    }

    private static int fieldCount(TensorProto proto, ElementType type) {
        return switch (type) {
            case FLOAT -> proto.getFloatDataCount();
            case DOUBLE -> proto.getDoubleDataCount();
            case INT64 -> proto.getInt64DataCount();
            case UINT32, UINT64 -> proto.getUint64DataCount();
            default -> proto.getInt32DataCount();
        };
    }

    private static void putElement(ByteBuffer content, TensorProto proto, ElementType type, int index) {
        switch (type) {
            case FLOAT -> content.putFloat(proto.getFloatData(index));
            case DOUBLE -> content.putDouble(proto.getDoubleData(index));
            case INT64 -> content.putLong(proto.getInt64Data(index));
            case UINT64 -> content.putLong(proto.getUint64Data(index));
            case UINT32 -> content.putInt((int) proto.getUint64Data(index));
            case INT32 -> content.putInt(proto.getInt32Data(index));
            case FLOAT16, BFLOAT16, INT16, UINT16 -> content.putShort((short) proto.getInt32Data(index));
            case INT8, UINT8, BOOL -> content.put((byte) proto.getInt32Data(index));
        }
    }

    private static void requireCount(Path file, String what, long present, long needed) {
        if (present != needed) {
            throw new TensorFileException(
                    file, "holds " + present + " " + what + ", but its type and shape need " + needed + ".");
        }
    }
}
