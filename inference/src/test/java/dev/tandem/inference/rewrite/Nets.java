package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.GraphReader;
import dev.tandem.inference.graph.LoweredGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** Builds an ONNX model operator by operator, and reads its graph as that of any model is read. */
final class Nets {

    final Random random;
    final long opset;
    final Map<String, TensorSpec> tensors = new LinkedHashMap<>();
    private final List<TensorSpec> inputs = new ArrayList<>();
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("net");
    private final Set<String> read = new HashSet<>();
    private int constants;
    private int layers;

    Nets(long seed, long opset) {
        this.random = new Random(seed);
        this.opset = opset;
    }

    TensorSpec input(String name, int... shape) {
        TensorSpec input = map(name, shape);
        inputs.add(input);
        tensors.put(name, input);
        graph.addInput(Declarations.of(input));
        return input;
    }

    static TensorSpec map(String name, int... shape) {
        return new TensorSpec(
                name, ElementType.FLOAT, Arrays.stream(shape).boxed().toList());
    }

    /** Random weights of the size of one over the square root of what is summed up. */
    String weights(int... shape) {
        int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double scale = 1 / Math.sqrt(Math.max(1, elements / (double) Math.max(1, shape.length == 0 ? 1 : shape[0])));
        ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < elements; index++) {
            bytes.putFloat((float) ((2 * random.nextDouble() - 1) * scale));
        }
        return constant(TensorProto.DataType.FLOAT, bytes, shape);
    }

    String positive(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < length; index++) {
            bytes.putFloat(0.5f + random.nextFloat());
        }
        return constant(TensorProto.DataType.FLOAT, bytes, length);
    }

    String floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return constant(TensorProto.DataType.FLOAT, bytes, values.length);
    }

    String scalar(float value) {
        return constant(
                TensorProto.DataType.FLOAT,
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value));
    }

    String zeroPoint(boolean signed, int value) {
        TensorProto.DataType type = signed ? TensorProto.DataType.INT8 : TensorProto.DataType.UINT8;
        return constant(type, ByteBuffer.allocate(1).put((byte) value));
    }

    String bytes(boolean signed, int... shape) {
        byte[] values = new byte[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        random.nextBytes(values);
        TensorProto.DataType type = signed ? TensorProto.DataType.INT8 : TensorProto.DataType.UINT8;
        return constant(type, ByteBuffer.allocate(values.length).put(values), shape);
    }

    String integers(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return constant(TensorProto.DataType.INT64, bytes, values.length);
    }

    private String constant(TensorProto.DataType type, ByteBuffer bytes, int... shape) {
        String name = "c" + constants++;
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes.flip()));
        Arrays.stream(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    static NodeProto.Builder node(String operator, String... inputs) {
        return NodeProto.newBuilder().setOpType(operator).addAllInput(List.of(inputs));
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto string(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** Adds a layer that writes one tensor. */
    TensorSpec layer(NodeProto.Builder node, int... shape) {
        return layer(node, map("t" + layers, shape));
    }

    TensorSpec layer(NodeProto.Builder node, TensorSpec output) {
        graph.addNode(node.setName("layer" + layers).addOutput(output.name()));
        layers++;
        node.getInputList().forEach(read::add);
        tensors.put(output.name(), output);
        return output;
    }

    /** Adds a layer that writes several tensors. */
    List<TensorSpec> layer(NodeProto.Builder node, List<int[]> shapes) {
        List<TensorSpec> outputs = new ArrayList<>();
        for (int[] shape : shapes) {
            outputs.add(map("t" + layers + "of" + outputs.size(), shape));
        }
        outputs.subList(0, outputs.size() - 1).forEach(output -> {
            node.addOutput(output.name());
            tensors.put(output.name(), output);
        });
        layer(node, outputs.get(outputs.size() - 1));
        return outputs;
    }

    int layers() {
        return layers;
    }

    /** Adds a node whose inputs are all constants. */
    String derived(NodeProto.Builder node) {
        String name = "d" + constants++;
        graph.addNode(node.setName(name).addOutput(name));
        return name;
    }

    /** The model graph as it is read from the model; everything that no layer reads is an output. */
    ModelGraph graph() {
        return GraphReader.read(model(withOutputs(tensor -> !read.contains(tensor.name()))), "net", "digest", tensors);
    }

    /** The model with every tensor as an output. */
    ModelProto open() {
        return model(withOutputs(tensor -> !inputs.contains(tensor)));
    }

    /** The model as its layers see it, with every tensor as an output, those between parts of lowered nodes included. */
    ModelProto openLowered() {
        LoweredGraph lowered = LoweredGraph.of(model(withOutputs(tensor -> !inputs.contains(tensor))), graph());
        GraphProto.Builder opened = lowered.proto().toBuilder();
        lowered.nodes().values().stream()
                .flatMap(node -> node.tensors().stream())
                .map(Declarations::of)
                .forEach(opened::addOutput);
        return model(opened);
    }

    private GraphProto.Builder withOutputs(Predicate<TensorSpec> isOutput) {
        GraphProto.Builder opened = graph.clone();
        tensors.values().stream().filter(isOutput).map(Declarations::of).forEach(opened::addOutput);
        return opened;
    }

    /** The model as its folder writes it: larger weights in files named by their digest. */
    ModelProto skeleton(Path directory) {
        GraphProto.Builder moved = graph.clone();
        for (int index = 0; index < moved.getInitializerCount(); index++) {
            if (moved.getInitializer(index).getRawData().size() >= 1024) {
                moved.setInitializer(index, external(moved.getInitializer(index), directory));
            }
        }
        return model(moved);
    }

    private static TensorProto external(TensorProto tensor, Path directory) {
        byte[] bytes = tensor.getRawData().toByteArray();
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            Files.write(directory.resolve(digest), bytes);
            return tensor.toBuilder()
                    .clearRawData()
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", digest))
                    .addExternalData(entry("offset", "0"))
                    .addExternalData(entry("length", Integer.toString(bytes.length)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private ModelProto model(GraphProto.Builder content) {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(content);
        model.addOpsetImportBuilder().setDomain("").setVersion(opset);
        model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
        return model.build();
    }
}
