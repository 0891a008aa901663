package dev.tandem.inference.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Models made on the fly, small enough to check by hand. */
final class SmallModels {
    private SmallModels() {}

    /** relu(conv(x, 3x3 of ones, padding 1)) over x of [1, 1, 4, 4]. */
    static Path convRelu(Path folder) throws IOException {
        float[] ones = new float[9];
        Arrays.fill(ones, 1);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("x", TensorProto.DataType.FLOAT, 1, 1, 4, 4))
                .addInitializer(floats("w", ones, 1, 1, 3, 3))
                .addNode(node("Conv", List.of("x", "w"), "c").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("pads")
                                .setType(AttributeProto.AttributeType.INTS)
                                .addAllInts(List.of(1L, 1L, 1L, 1L))))
                .addNode(node("Relu", List.of("c"), "y"))
                .addOutput(value("y", TensorProto.DataType.FLOAT, 1, 1, 4, 4));
        return write(folder.resolve("conv.onnx"), graph);
    }

    /** sum = a + b and product = a * b, elementwise over the given shape. */
    static Path sumAndProduct(Path folder, TensorProto.DataType type, int... shape) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("b", type, shape))
                .addInput(value("a", type, shape))
                .addNode(node("Add", List.of("a", "b"), "sum"))
                .addNode(node("Mul", List.of("a", "b"), "product"))
                .addOutput(value("sum", type, shape))
                .addOutput(value("product", type, shape));
        return write(folder.resolve("sum.onnx"), graph);
    }

    /** So many convolutions and additions one after the other, over x of [1, 8, 8, 8]: much to open, little to run. */
    static Path deep(Path folder, int layers) throws IOException {
        float[] weights = new float[8 * 8];
        Arrays.fill(weights, 1f / 8);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("x", TensorProto.DataType.FLOAT, 1, 8, 8, 8))
                .addInitializer(floats("w", weights, 8, 8, 1, 1))
                .addOutput(value("y", TensorProto.DataType.FLOAT, 1, 8, 8, 8));
        String last = "x";
        for (int layer = 0; layer < layers; layer++) {
            graph.addNode(node("Conv", List.of(last, "w"), "c" + layer));
            graph.addNode(node("Add", List.of(last, "c" + layer), "s" + layer));
            last = "s" + layer;
        }
        return write(folder.resolve("deep.onnx"), graph.addNode(node("Relu", List.of(last), "y")));
    }

    /** The indices of what is not zero in x: an output whose shape depends on the values. */
    static Path nonZero(Path folder, int length) throws IOException {
        ValueInfoProto indices = ValueInfoProto.newBuilder(value("indices", TensorProto.DataType.INT64, 1, 1))
                .setType(tensorType(TensorProto.DataType.INT64, dimension(1), named("found")))
                .build();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("x", TensorProto.DataType.FLOAT, length))
                .addNode(node("NonZero", List.of("x"), "indices"))
                .addOutput(indices);
        return write(folder.resolve("nonzero.onnx"), graph);
    }

    /** As {@link #sumAndProduct} with an input whose first dimension is the symbol {@code batch}. */
    static Path symbolicBatch(Path folder) throws IOException {
        ValueInfoProto input = ValueInfoProto.newBuilder()
                .setName("x")
                .setType(tensorType(TensorProto.DataType.FLOAT, named("batch"), dimension(4)))
                .build();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(input)
                .addNode(node("Relu", List.of("x"), "y"))
                .addOutput(input.toBuilder().setName("y"));
        return write(folder.resolve("symbolic.onnx"), graph);
    }

    /** An operator that exists nowhere. */
    static Path unknownOperator(Path folder) throws IOException {
        return write(folder.resolve("unknown.onnx"), single("Frobnicate"));
    }

    /** One Relu that claims the given opset of the standard operators. */
    static Path ofOpset(Path folder, long opset) throws IOException {
        Path file = folder.resolve("opset.onnx");
        Files.write(
                file,
                model(single("Relu"))
                        .clearOpsetImport()
                        .addOpsetImport(opset("", opset))
                        .build()
                        .toByteArray());
        return file;
    }

    /** A concatenation of strings. */
    static Path strings(Path folder) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("x", TensorProto.DataType.STRING, 2))
                .addNode(node("Identity", List.of("x"), "y"))
                .addOutput(value("y", TensorProto.DataType.STRING, 2));
        return write(folder.resolve("strings.onnx"), graph);
    }

    /** A chain of square matrices over x of [rows, width], weights in {@code weights.bin} beside the model. */
    static Path matrixChain(Path folder, int layers, int rows, int width) throws IOException {
        GraphProto.Builder graph =
                GraphProto.newBuilder().addInput(value("x0", TensorProto.DataType.FLOAT, rows, width));
        long bytes = (long) width * width * Float.BYTES;
        for (int layer = 0; layer < layers; layer++) {
            graph.addInitializer(external("w" + layer, layer * bytes, bytes, width, width))
                    .addNode(node("MatMul", List.of("x" + layer, "w" + layer), "x" + (layer + 1)));
        }
        graph.addOutput(value("x" + layers, TensorProto.DataType.FLOAT, rows, width));
        writeRandom(folder.resolve("weights.bin"), layers * bytes);
        return write(folder.resolve("chain.onnx"), graph);
    }

    private static GraphProto.Builder single(String operator) {
        return GraphProto.newBuilder()
                .addInput(value("x", TensorProto.DataType.FLOAT, 2))
                .addNode(node(operator, List.of("x"), "y"))
                .addOutput(value("y", TensorProto.DataType.FLOAT, 2));
    }

    private static void writeRandom(Path file, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        ByteBuffer block = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long written = 0; written < bytes; written += block.capacity()) {
                block.clear();
                while (block.hasRemaining()) {
                    block.putFloat((float) (random.nextDouble() - 0.5) / 16);
                }
                out.write(block.array(), 0, (int) Math.min(block.capacity(), bytes - written));
            }
        }
    }

    private static TensorProto external(String name, long offset, long length, int... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", "weights.bin"))
                .addExternalData(entry("offset", String.valueOf(offset)))
                .addExternalData(entry("length", String.valueOf(length)));
        Arrays.stream(shape).forEach(tensor::addDims);
        return tensor.build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static TensorProto floats(String name, float[] values, int... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        Arrays.stream(shape).forEach(tensor::addDims);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    private static NodeProto node(String operator, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, int... shape) {
        TensorShapeProto.Dimension[] dimensions =
                Arrays.stream(shape).mapToObj(SmallModels::dimension).toArray(TensorShapeProto.Dimension[]::new);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(tensorType(type, dimensions))
                .build();
    }

    private static TypeProto tensorType(TensorProto.DataType type, TensorShapeProto.Dimension... dimensions) {
        return TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(TensorShapeProto.newBuilder().addAllDim(List.of(dimensions))))
                .build();
    }

    private static TensorShapeProto.Dimension dimension(long extent) {
        return TensorShapeProto.Dimension.newBuilder().setDimValue(extent).build();
    }

    private static TensorShapeProto.Dimension named(String symbol) {
        return TensorShapeProto.Dimension.newBuilder().setDimParam(symbol).build();
    }

    private static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(version)
                .build();
    }

    private static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(opset("", 13))
                .setGraph(graph.setName("small"));
    }

    private static Path write(Path file, GraphProto.Builder graph) throws IOException {
        Files.write(file, model(graph).build().toByteArray());
        return file;
    }
}
