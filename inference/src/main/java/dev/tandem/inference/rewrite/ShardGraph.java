package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
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
import java.util.TreeMap;

/** The graph of a shard while it grows: its nodes, and which region of each tensor they have computed. */
final class ShardGraph {

    /** From this version of the standard operators on, Slice takes its ranges as tensors. */
    private static final long SLICE_BY_TENSORS = 10;

    private final Skeleton source;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<List<Long>, TensorProto> added = new LinkedHashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final Map<Cut, String> cuts = new HashMap<>();
    private final ConstantParts parts;

    /** A tensor's name in this graph and the region that it has there: a range for each axis along which it is divided. */
    private record Held(String name, Region region) {}

    private record Cut(String tensor, Region region) {}

    ShardGraph(Skeleton source) {
        this.source = source;
        this.parts = new ConstantParts(source, this);
    }

    /** Says that the tensor is there under a name, with this region. */
    void hold(String tensor, String name, Region region) {
        held.put(tensor, new Held(name, region));
    }

    /** Name of a tensor with exactly this region, cut out of what is held where that is more. */
    String region(String tensor, Region region) {
        Held source = found(tensor);
        if (source.region.equals(region)) {
            return source.name;
        }
        return cuts.computeIfAbsent(new Cut(tensor, region), cut -> slice(source, region, tensor + "::" + region));
    }

    /** Gives this region of the tensor a name of the caller's. */
    void nameRegion(String tensor, Region region, String name) {
        cuts.put(new Cut(tensor, region), slice(found(tensor), region, name));
    }

    /** Name of a part of a constant, by dimension. */
    String part(String constant, Map<Integer, Interval> ranges) {
        return parts.of(constant, ranges);
    }

    private Held found(String tensor) {
        Held found = held.get(tensor);
        if (found == null) {
            throw new IllegalStateException("tensor '" + tensor + "' is read before it is written");
        }
        return found;
    }

    private String slice(Held from, Region region, String name) {
        Map<Integer, Interval> ranges = new TreeMap<>();
        region.ranges().forEach((axis, range) -> {
            Interval all = heldRange(from, axis);
            if (!all.equals(range)) {
                ranges.put(axis.dimension(), new Interval(range.from() - all.from(), range.to() - all.from()));
            }
        });
        return slice(from.name, ranges, name);
    }

    private static Interval heldRange(Held held, Axis axis) {
        Interval range = held.region.ranges().get(axis);
        if (range == null) {
            throw new IllegalStateException("tensor '" + held.name + "' is not held along " + axis);
        }
        return range;
    }

    /** Cuts ranges of dimensions out of a tensor of this graph. */
    String slice(String from, Map<Integer, Interval> ranges, String name) {
        List<Long> begins = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        List<Long> dimensions = new ArrayList<>();
        new TreeMap<>(ranges).forEach((dimension, range) -> {
            begins.add((long) range.from());
            ends.add((long) range.to());
            dimensions.add((long) dimension);
        });
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType("Slice")
                .setName(name + "::slice")
                .addInput(from)
                .addOutput(name);
        if (source.opset() >= SLICE_BY_TENSORS) {
            node.addInput(constant(begins)).addInput(constant(ends)).addInput(constant(dimensions));
        } else {
            Attributes.set(node, "starts", begins);
            Attributes.set(node, "ends", ends);
            Attributes.set(node, "axes", dimensions);
        }
        nodes.add(node.build());
        return name;
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

    /** @param inputs that the graph takes, whole */
    SegmentExtractor.Part finish(List<TensorSpec> inputs) {
        List<TensorProto> tensors = new ArrayList<>(added.values());
        tensors.addAll(parts.tensors());
        return new SegmentExtractor.Part(List.copyOf(nodes), constants(tensors), tensors, parts.cutTensors(), inputs);
    }

    /** What the nodes read and neither they, nor what was added, nor the shard's inputs give. */
    private Set<String> constants(List<TensorProto> tensors) {
        Set<String> constants = new LinkedHashSet<>();
        nodes.forEach(node -> constants.addAll(NodeInputs.of(node)));
        nodes.forEach(node -> node.getOutputList().forEach(constants::remove));
        tensors.forEach(tensor -> constants.remove(tensor.getName()));
        constants.removeAll(held.keySet());
        return constants;
    }
}
