package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.graph.NodeAttributes;
import dev.tandem.inference.graph.OnnxTypes;
import dev.tandem.inference.onnx.ExternalReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Parts of a model's constants for a shard's graph. Of an initialiser the first dimension is cut where its bytes lie: in a
 * weight file by offset and length, so that no more of it is mapped. What is dequantised is cut before, so that the runtime
 * still sees quantised weights. Everything else is sliced by a node, which the runtime computes when it opens the graph.
 */
final class ConstantParts {

    private final Skeleton source;
    private final ShardGraph shard;
    private final Map<Part, String> names = new HashMap<>();
    private final List<TensorProto> tensors = new ArrayList<>();
    private final List<TensorProto> cutTensors = new ArrayList<>();

    private record Part(String constant, Map<Integer, Interval> ranges) {}

    ConstantParts(Skeleton source, ShardGraph shard) {
        this.source = source;
        this.shard = shard;
    }

    /** Name of a part of a constant, by dimension. */
    String of(String constant, Map<Integer, Interval> ranges) {
        Part part = new Part(constant, ranges);
        String known = names.get(part);
        if (known == null) {
            known = make(constant, ranges, constant + "::" + new TreeMap<>(ranges));
            names.put(part, known);
        }
        return known;
    }

    /** Initialisers that hold parts. */
    List<TensorProto> tensors() {
        return tensors;
    }

    /** The initialisers of which those are parts. */
    List<TensorProto> cutTensors() {
        return cutTensors;
    }

    private String make(String constant, Map<Integer, Interval> ranges, String name) {
        Optional<TensorProto> cut = source.initialiser(constant).flatMap(tensor -> cut(tensor, ranges, name));
        if (cut.isPresent()) {
            tensors.add(cut.get());
            cutTensors.add(source.initialiser(constant).orElseThrow());
            return name;
        }
        if (ranges.size() > 1
                && ranges.containsKey(0)
                && source.initialiser(constant).isPresent()) {
            Map<Integer, Interval> others = new TreeMap<>(ranges);
            Interval first = others.remove(0);
            return shard.slice(of(constant, Map.of(0, first)), others, name);
        }
        Optional<NodeProto> dequantised = source.writer(constant)
                .filter(node -> node.getOpType().equals("DequantizeLinear"))
                .filter(node -> new NodeAttributes(node).integer("block_size", 0) == 0);
        return dequantised.isPresent()
                ? dequantise(dequantised.get(), ranges, name)
                : shard.slice(constant, ranges, name);
    }

    private static Optional<TensorProto> cut(TensorProto tensor, Map<Integer, Interval> ranges, String name) {
        Interval range = ranges.get(0);
        if (range == null || ranges.size() > 1 || tensor.getDimsCount() == 0 || !beginsAtBytes(tensor)) {
            return Optional.empty();
        }
        TensorProto.Builder part = tensor.toBuilder().setName(name).setDims(0, range.length());
        Optional<ExternalReference> file = ExternalReference.of(tensor);
        if (file.isPresent()) {
            long slice = file.get().length() / tensor.getDims(0);
            return Optional.of(new ExternalReference(
                            file.get().location(), file.get().offset() + range.from() * slice, range.length() * slice)
                    .applyTo(part.build()));
        }
        if (tensor.getRawData().isEmpty()) {
            return Optional.empty();
        }
        int slice = tensor.getRawData().size() / Math.toIntExact(tensor.getDims(0));
        part.setRawData(tensor.getRawData().substring(range.from() * slice, range.to() * slice));
        return Optional.of(part.build());
    }

    /** Whether each position of the first dimension takes whole bytes. */
    private static boolean beginsAtBytes(TensorProto tensor) {
        long elements = tensor.getDimsList().stream().skip(1).reduce(1L, Math::multiplyExact);
        return elements * OnnxTypes.bits(tensor.getDataType()) % Byte.SIZE == 0;
    }

    /** Scales that there are for each position along the dimension are cut with the values. */
    private String dequantise(NodeProto node, Map<Integer, Interval> ranges, String name) {
        NodeProto.Builder part = node.toBuilder().clearInput().clearOutput();
        part.addInput(of(node.getInput(0), ranges));
        int rank = source.constants()
                .shape(node.getInput(0))
                .map(List::size)
                .orElseThrow(() -> new IllegalStateException("constant '" + node.getInput(0) + "' has no known shape"));
        int axis = rank == 0 ? 0 : Math.floorMod(new NodeAttributes(node).integer("axis", 1), rank);
        Interval range = ranges.get(axis);
        for (int input = 1; input < node.getInputCount(); input++) {
            String scale = node.getInput(input);
            boolean isPerAxis = range != null
                    && source.constants()
                            .shape(scale)
                            .filter(shape -> shape.size() == 1 && shape.get(0) > 1)
                            .isPresent();
            part.addInput(isPerAxis ? of(scale, Map.of(0, range)) : scale);
        }
        shard.add(part.setName(name + "::dequantise").addOutput(name).build());
        return name;
    }
}
