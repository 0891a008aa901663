package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a graph that do not depend on its inputs: initialisers, and whatever is computed from constants alone,
 * such as a weight's DequantizeLinear. They belong to their readers' weights and never cross a cut.
 */
public final class ConstantTensors {
    private static final Set<String> SAME_SHAPE = Set.of("DequantizeLinear", "QuantizeLinear", "Cast", "Identity");
    private static final Set<String> RANDOM = Set.of(
            "RandomNormal",
            "RandomUniform",
            "RandomNormalLike",
            "RandomUniformLike",
            "Multinomial",
            "Bernoulli",
            "If",
            "Loop",
            "Scan");

    private final Map<String, TensorProto> initialisers = new HashMap<>();
    private final Map<String, NodeProto> derived = new HashMap<>();

    private ConstantTensors() {}

    /**
     * Finds the constants of a graph.
     *
     * @param graph with its nodes in topological order, as ONNX demands
     */
    public static ConstantTensors of(GraphProto graph) {
        ConstantTensors constants = new ConstantTensors();
        graph.getInitializerList().forEach(tensor -> constants.initialisers.put(tensor.getName(), tensor));
        for (NodeProto node : graph.getNodeList()) {
            if (constants.derives(node)) {
                node.getOutputList().forEach(output -> constants.derived.put(output, node));
                constants.derived.remove("");
            }
        }
        return constants;
    }

    /** Whether the tensor is constant; an omitted optional input counts as one. */
    public boolean contains(String tensor) {
        return tensor.isEmpty() || initialisers.containsKey(tensor) || derived.containsKey(tensor);
    }

    /** Whether the node computes constants from constants, and so is no layer. */
    public boolean contains(NodeProto node) {
        return node.getOutputList().stream().anyMatch(derived::containsKey);
    }

    /** The initialisers that a constant is made of. */
    Set<String> sources(String tensor) {
        Set<String> sources = new TreeSet<>();
        NodeProto node = derived.get(tensor);
        if (initialisers.containsKey(tensor)) {
            sources.add(tensor);
        } else if (node != null) {
            node.getInputList().forEach(input -> sources.addAll(sources(input)));
        }
        return sources;
    }

    /** Bytes of an initialiser, as stored. */
    long bytes(String initialiser) {
        TensorProto tensor = initialisers.get(initialiser);
        return tensor == null ? 0 : OnnxTypes.storedBytes(tensor);
    }

    /** The constant as the graph holds it; none where it is computed. */
    Optional<TensorProto> initialiser(String tensor) {
        return Optional.ofNullable(initialisers.get(tensor));
    }

    /** Shape of a constant, where it can be told without computing it. */
    public Optional<List<Long>> shape(String tensor) {
        TensorProto initialiser = initialisers.get(tensor);
        if (initialiser != null) {
            return Optional.of(initialiser.getDimsList());
        }
        NodeProto node = derived.get(tensor);
        if (node == null) {
            return Optional.empty();
        }
        if (node.getOpType().equals("Constant")) {
            return value(node).map(TensorProto::getDimsList);
        }
        return SAME_SHAPE.contains(node.getOpType()) ? shape(node.getInput(0)) : Optional.empty();
    }

    /** Values of a small constant of INT64 or INT32, such as pads or axes; none for others and for large ones. */
    public Optional<List<Integer>> integers(String tensor) {
        return stored(tensor).flatMap(ConstantTensors::integers);
    }

    /** Values of a small constant of FLOAT, such as scales; none for others and for large ones. */
    Optional<List<Float>> floats(String tensor) {
        return stored(tensor).flatMap(ConstantTensors::floats);
    }

    /** The constant as the graph holds it; none where it must be computed. */
    private Optional<TensorProto> stored(String tensor) {
        NodeProto node = derived.get(tensor);
        return node != null && node.getOpType().equals("Constant")
                ? value(node)
                : Optional.ofNullable(initialisers.get(tensor));
    }

    private static Optional<List<Float>> floats(TensorProto tensor) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
                || tensor.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            return Optional.empty();
        }
        if (!tensor.hasRawData()) {
            return Optional.of(tensor.getFloatDataList());
        }
        FloatBuffer raw = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        Float[] values = new Float[raw.remaining()];
        Arrays.setAll(values, raw::get);
        return Optional.of(List.of(values));
    }

    private static Optional<List<Integer>> integers(TensorProto tensor) {
        boolean wide = tensor.getDataType() == TensorProto.DataType.INT64_VALUE;
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
                || !(wide || tensor.getDataType() == TensorProto.DataType.INT32_VALUE)) {
            return Optional.empty();
        }
        if (!tensor.hasRawData()) {
            return Optional.of(
                    wide
                            ? tensor.getInt64DataList().stream()
                                    .map(ConstantTensors::saturated)
                                    .toList()
                            : tensor.getInt32DataList());
        }
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        Integer[] values = new Integer[raw.remaining() / (wide ? Long.BYTES : Integer.BYTES)];
        for (int index = 0; index < values.length; index++) {
            values[index] = wide ? saturated(raw.getLong()) : Integer.valueOf(raw.getInt());
        }
        return Optional.of(List.of(values));
    }

    /** Slice ends are written as the largest number to mean "to the end". */
    static Integer saturated(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    private boolean derives(NodeProto node) {
        return !RANDOM.contains(node.getOpType())
                && node.getInputList().stream().allMatch(this::contains);
    }

    private static Optional<TensorProto> value(NodeProto constant) {
        return constant.getAttributeList().stream()
                .filter(AttributeProto::hasT)
                .map(AttributeProto::getT)
                .findFirst();
    }
}
