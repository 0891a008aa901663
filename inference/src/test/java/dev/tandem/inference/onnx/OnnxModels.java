package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Small models made on the fly. */
public final class OnnxModels {

    private OnnxModels() {}

    /** A model of the graph, opset 13. */
    public static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph.setName("test"));
    }

    /** A graph from {@code x} of that shape to {@code y}; a negative extent is dynamic, named {@code d} and its axis. */
    public static GraphProto.Builder graph(List<Integer> inputShape, NodeProto... nodes) {
        return GraphProto.newBuilder()
                .addInput(value("x", inputShape))
                .addOutput(ValueInfoProto.newBuilder()
                        .setName("y")
                        .setType(floatType(TensorShapeProto.newBuilder(), false)))
                .addAllNode(List.of(nodes));
    }

    public static ValueInfoProto value(String name, List<Integer> shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < shape.size(); axis++) {
            int extent = shape.get(axis);
            dimensions.addDim(
                    extent < 0
                            ? Dimension.newBuilder().setDimParam("d" + axis)
                            : Dimension.newBuilder().setDimValue(extent));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(floatType(dimensions, true))
                .build();
    }

    public static NodeProto node(String operator, String inputs, String output, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(operator.toLowerCase(java.util.Locale.ROOT) + "-" + output)
                .addAllInput(Arrays.asList(inputs.split(" ")))
                .addOutput(output)
                .addAllAttribute(List.of(attributes))
                .build();
    }

    public static AttributeProto integers(String name, long... values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    public static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    public static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** A constant whose elements are all the same. */
    public static TensorProto constant(String name, float element, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, (left, right) -> left * right);
        ByteBuffer raw = ByteBuffer.allocate((int) elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long index = 0; index < elements; index++) {
            raw.putFloat(element);
        }
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(Arrays.stream(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(raw.flip()))
                .build();
    }

    public static TensorProto indices(String name, long... values) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(values.length)
                .addAllInt64Data(Arrays.stream(values).boxed().toList())
                .build();
    }

    /** Writes a model file. */
    public static Path write(Path directory, String fileName, ModelProto.Builder model) {
        return write(directory, fileName, model.build().toByteArray());
    }

    static Path write(Path directory, String fileName, byte[] bytes) {
        try {
            return Files.write(directory.resolve(fileName), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TypeProto floatType(TensorShapeProto.Builder shape, boolean withShape) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
        return TypeProto.newBuilder()
                .setTensorType(withShape ? tensor.setShape(shape) : tensor)
                .build();
    }
}
