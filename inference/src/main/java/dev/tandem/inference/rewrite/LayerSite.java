package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.inference.graph.NodeAttributes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One layer on its way into a shard's graph: what a {@link RegionRule} needs to know of it.
 *
 * @param node the layer's node in the whole model
 * @param axes along which the shard is a part
 * @param ranges of the outputs that are to be computed, along the axes along which the layer is divided: those along which
 *     it reads anything that could be; {@code [0,1)} where its outputs cannot be
 * @param read of each output that is needed at all, the positions that are, along the same axes
 * @param wanted regions that the segment's outputs are to have
 */
record LayerSite(
        Skeleton source,
        ModelGraph graph,
        Layer layer,
        NodeProto node,
        Set<Axis> axes,
        Map<Axis, Interval> ranges,
        Map<String, Map<Axis, Interval>> read,
        ShardGraph shard,
        Map<String, Region> wanted) {

    NotDivisibleException refusal(String reason) {
        return new NotDivisibleException("layer '" + layer.name() + "' (" + layer.operator() + ") " + reason);
    }

    /** The activation that the node reads first. */
    TensorSpec data() {
        return graph.tensor(node.getInput(0));
    }

    TensorSpec output() {
        return graph.tensor(node.getOutput(0));
    }

    NodeAttributes attributes() {
        return new NodeAttributes(node);
    }

    boolean isConstant(String input) {
        return !input.isEmpty() && !graph.tensors().containsKey(input);
    }

    boolean isDivided(Axis axis) {
        return ranges.containsKey(axis);
    }

    /** What is to be computed of the outputs along an axis along which the layer is divided. */
    Interval range(Axis axis) {
        return Optional.ofNullable(ranges.get(axis)).orElseThrow();
    }

    /** What the wanted ranges of the outputs need of an input, along an axis along which the layer is divided. */
    Interval needed(TensorSpec input, Axis axis) {
        int operand = layer.inputs().indexOf(input.name());
        return layer.along(axis).inputs(operand, range(axis), input.shape().get(axis.dimension()));
    }

    /** What the wanted outputs need of an input: along every axis of the shard along which it can be divided. */
    Region needed(TensorSpec input) {
        Map<Axis, Interval> needed = new EnumMap<>(Axis.class);
        for (Axis axis : axes) {
            int extent = axis.divisible(input);
            if (extent > 0) {
                needed.put(axis, isDivided(axis) ? needed(input, axis) : new Interval(0, extent));
            }
        }
        return new Region(needed);
    }

    /** Dimensions of a constant, where they can be told. */
    Optional<List<Long>> dimensions(String constant) {
        return source.constants().shape(constant);
    }

    /** The channels that are computed, which may be more than those that are wanted; the layer is divided along channels. */
    Interval computedChannels() {
        return layer.along(Axis.CHANNELS).computed(range(Axis.CHANNELS));
    }

    /** The node with its inputs cut to what is needed, still without outputs. */
    NodeProto.Builder rewired() {
        NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
        node.getInputList().forEach(input -> copy.addInput(wired(input)));
        return copy;
    }

    private String wired(String input) {
        return input.isEmpty() || isConstant(input) ? input : shard.region(input, needed(graph.tensor(input)));
    }

    /** Adds the node as it is, with all its outputs; for layers that read nothing that is divided. */
    void emitUnchanged() {
        emit(node.toBuilder().clearOutput(), Map.of());
    }

    /** Adds a node that computes the wanted ranges, or what its geometry says to be computed for them. */
    void emit(NodeProto.Builder rewired) {
        Map<Axis, Interval> computed = new EnumMap<>(Axis.class);
        ranges.forEach((axis, range) -> computed.put(axis, layer.along(axis).computed(range)));
        emit(rewired, computed);
    }

    /**
     * Adds a node that computes at least the wanted ranges; what is beyond them is cut off.
     *
     * @param computed by axis; along others it computes all
     */
    void emit(NodeProto.Builder rewired, Map<Axis, Interval> computed) {
        Map<String, Region> regions = new HashMap<>();
        layer.outputs().forEach(output -> regions.put(output, region(graph.tensor(output), computed)));
        for (String output : node.getOutputList()) {
            Region region = regions.get(output);
            rewired.addOutput(region == null ? output : outputName(output, region));
        }
        shard.add(rewired.build());
        regions.forEach(this::declare);
    }

    /**
     * Gives one of the outputs what a tensor of the shard's graph has.
     *
     * @param computed by axis; along others it is all
     */
    void emit(String output, String tensor, Map<Axis, Interval> computed) {
        Region region = region(graph.tensor(output), computed);
        shard.add(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(layer.name() + "::" + output)
                .addInput(tensor)
                .addOutput(outputName(output, region))
                .build());
        declare(output, region);
    }

    private Region region(TensorSpec output, Map<Axis, Interval> computed) {
        Map<Axis, Interval> region = new EnumMap<>(Axis.class);
        for (Axis axis : axes) {
            int extent = axis.divisible(output);
            if (extent > 0) {
                region.put(axis, computed.getOrDefault(axis, new Interval(0, extent)));
            }
        }
        return new Region(region);
    }

    private void declare(String output, Region computed) {
        shard.hold(output, outputName(output, computed), computed);
        Region given = wanted.getOrDefault(output, computed);
        if (!given.equals(computed)) {
            shard.nameRegion(output, given, output);
        }
    }

    /** A segment's output goes by its own name only with the region that the shard owns. */
    private String outputName(String output, Region computed) {
        return computed.equals(wanted.getOrDefault(output, computed)) ? output : output + "::computed";
    }
}
