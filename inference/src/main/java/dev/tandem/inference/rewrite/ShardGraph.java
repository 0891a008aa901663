package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.graph.NodeInputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph of a shard while it grows: its nodes, and which rows of each tensor they have computed. */
final class ShardGraph {

    private static final long ROW_AXIS = 2;
    /** From this version of the standard operators on, Slice takes its ranges as tensors. */
    private static final long SLICE_BY_TENSORS = 10;

    private final Skeleton source;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<List<Long>, TensorProto> added = new LinkedHashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final Map<Cut, String> cuts = new HashMap<>();

    /** A tensor's name in this graph and the rows it has there, empty for one that has no rows to divide. */
    private record Held(String name, Interval rows) {}

    private record Cut(String tensor, Interval rows) {}

    ShardGraph(Skeleton source) {
        this.source = source;
    }

    /** Says that the tensor is there under its own name, with these rows. */
    void hold(String tensor, Interval rows) {
        held.put(tensor, new Held(tensor, rows));
    }

    /** Says that the tensor is there under another name, with these rows. */
    void hold(String tensor, String name, Interval rows) {
        held.put(tensor, new Held(name, rows));
    }

    /** Name of a tensor with exactly these rows, cut out of what is held where that is more. */
    String rows(String tensor, Interval rows) {
        Held source = found(tensor);
        if (source.rows.isEmpty() || source.rows.equals(rows)) {
            return source.name;
        }
        return cuts.computeIfAbsent(new Cut(tensor, rows), cut -> slice(source, rows, tensor + "::rows" + rows));
    }

    /** Gives these rows of the tensor a name of the caller's. */
    void nameRows(String tensor, Interval rows, String name) {
        cuts.put(new Cut(tensor, rows), slice(found(tensor), rows, name));
    }

    private Held found(String tensor) {
        Held found = held.get(tensor);
        if (found == null) {
            throw new IllegalStateException("tensor '" + tensor + "' is read before it is written");
        }
        return found;
    }

    private String slice(Held from, Interval rows, String name) {
        slice(from.name, ROW_AXIS, rows.from() - from.rows.from(), rows.to() - from.rows.from(), name);
        return name;
    }

    /** Cuts {@code [begin, end)} of an axis out of a tensor of this graph. */
    void slice(String from, long axis, long begin, long end, String name) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType("Slice")
                .setName(name + "::slice")
                .addInput(from)
                .addOutput(name);
        if (source.opset() >= SLICE_BY_TENSORS) {
            node.addInput(constant(List.of(begin))).addInput(constant(List.of(end)));
            node.addInput(constant(List.of(axis)));
        } else {
            Attributes.set(node, "starts", List.of(begin));
            Attributes.set(node, "ends", List.of(end));
            Attributes.set(node, "axes", List.of(axis));
        }
        nodes.add(node.build());
    }

    void add(NodeProto node) {
        nodes.add(node);
    }

    /** Name of a new constant of 64-bit integers; equal ones are shared. */
    String constant(List<Long> values) {
        return added.computeIfAbsent(values, some -> integers("::integers" + added.size(), List.copyOf(some)))
                .getName();
    }

    private static TensorProto integers(String name, List<Long> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putLong);
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(values.size())
                .setRawData(ByteString.copyFrom(bytes.flip()))
                .build();
    }

    SegmentExtractor.Part finish() {
        return new SegmentExtractor.Part(List.copyOf(nodes), constants(), List.copyOf(added.values()));
    }

    /** What the nodes read and neither they nor the shard's inputs give. */
    private Set<String> constants() {
        Set<String> constants = new LinkedHashSet<>();
        nodes.forEach(node -> constants.addAll(NodeInputs.of(node)));
        nodes.forEach(node -> node.getOutputList().forEach(constants::remove));
        added.values().forEach(constant -> constants.remove(constant.getName()));
        constants.removeAll(held.keySet());
        return constants;
    }
}
