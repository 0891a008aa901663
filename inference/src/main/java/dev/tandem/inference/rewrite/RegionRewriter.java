package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.AxisSweep;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.graph.GraphTensors;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rewrites a segment so that it computes a region of its outputs from a region of its inputs.
 *
 * <p>Every tensor exists only for the region that the receptive field names; each layer is rewritten by the rule of its
 * operator, and what was computed for a reader with wider needs is sliced for the others.
 */
final class RegionRewriter {

    private final Skeleton source;
    private final ModelGraph graph;
    private final Segment segment;
    private final ShardRegions regions;
    private final Set<Axis> axes = EnumSet.noneOf(Axis.class);
    private final Map<String, Region> wanted = new LinkedHashMap<>();
    private final Map<Axis, AxisSweep> needs = new EnumMap<>(Axis.class);
    private final ShardGraph shard;

    RegionRewriter(Skeleton source, ModelGraph graph, Segment segment, ShardRegions regions) {
        this.source = source;
        this.graph = graph;
        this.segment = segment;
        this.regions = regions;
        Stream.of(regions.inputs(), regions.outputs())
                .flatMap(all -> all.values().stream())
                .forEach(region -> axes.addAll(region.ranges().keySet()));
        graph.outputs(segment).forEach(output -> wanted.put(output.name(), region(output, regions.outputs())));
        axes.forEach(
                axis -> needs.put(axis, AxisSweep.over(graph, axis, segment, AxisSweep.of(graph, axis, wanted(axis)))));
        this.shard = new ShardGraph(source);
    }

    SegmentExtractor.Part rewrite() {
        requireMoreThanPadding();
        List<TensorSpec> inputs = graph.inputs(segment).stream()
                .filter(input -> regions.inputs().containsKey(input.name()) || isNeeded(input.name()))
                .toList();
        inputs.forEach(this::declareInput);
        for (Skeleton.Step step : steps()) {
            if (isComputed(step.layer())) {
                rewrite(step.layer(), step.node());
            }
        }
        return shard.finish(inputs);
    }

    /** With a range along every axis of the shard along which the tensor can be divided. */
    private Region region(TensorSpec tensor, Map<String, Region> named) {
        Region region = named.getOrDefault(tensor.name(), Region.WHOLE);
        var unused = region.ranges(tensor);
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        for (Axis axis : axes) {
            int extent = axis.divisible(tensor);
            if (extent > 0) {
                ranges.put(axis, region.range(axis, extent));
            }
        }
        return new Region(ranges);
    }

    private Map<String, Interval> wanted(Axis axis) {
        Map<String, Interval> ranges = new LinkedHashMap<>();
        wanted.forEach((tensor, region) -> {
            Interval range = region.ranges().get(axis);
            if (range != null) {
                ranges.put(tensor, range);
            }
        });
        return ranges;
    }

    private void requireMoreThanPadding() {
        needs.forEach((axis, sweep) -> sweep.paddingAlone().ifPresent(tensor -> {
            throw new NotDivisibleException(wanted + " would be computed from padding alone: no " + axis.words()
                    + " of '" + tensor + "' are read. Maybe use fewer shards.");
        }));
    }

    private void declareInput(TensorSpec input) {
        Region given = region(input, regions.inputs());
        axes.forEach(axis -> {
            Interval range = needed(input.name(), axis);
            if (!range.isEmpty() && !given.range(axis, axis.divisible(input)).contains(range)) {
                throw new IllegalArgumentException("region (" + given + ") of input '" + input.name() + "' must hold "
                        + axis.words() + " " + range + ", which the outputs' " + wanted + " need.");
            }
        });
        shard.hold(input.name(), input.name(), given);
    }

    /** Layers whose outputs nothing reads are left out. */
    private boolean isComputed(Layer layer) {
        return layer.outputs().stream().anyMatch(this::isNeeded);
    }

    private boolean isNeeded(String tensor) {
        int number = graph.index().number(tensor);
        return needs.values().stream().allMatch(sweep -> sweep.isNeeded(number));
    }

    /** Empty where the tensor has nothing to divide along the axis, or is not needed. */
    private Interval needed(String tensor, Axis axis) {
        AxisSweep sweep = Objects.requireNonNull(needs.get(axis));
        int number = graph.index().number(tensor);
        int from = sweep.first(number);
        return from < 0 ? Interval.EMPTY : new Interval(from, from + sweep.length(number));
    }

    /** Parts of a lowered node are needed where maps are divided in space only. */
    private List<Skeleton.Step> steps() {
        List<Layer> layers = graph.layers(segment);
        return axes.stream().anyMatch(Axis::isSpatial) ? source.steps(layers) : source.restored(layers);
    }

    private void rewrite(Layer layer, NodeProto node) {
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        axes.stream().filter(axis -> isDivided(layer, axis)).forEach(axis -> ranges.put(axis, computed(layer, axis)));
        LayerSite site =
                new LayerSite(source, graph, layer, node, axes, ranges, read(layer, ranges.keySet()), shard, wanted);
        if (ranges.isEmpty()) {
            site.emitUnchanged();
            return;
        }
        for (Axis axis : ranges.keySet()) {
            if (layer.along(axis) instanceof Whole whole) {
                throw site.refusal(whole.reason());
            }
        }
        if (GraphTensors.subgraphs(node).findAny().isPresent()) {
            throw site.refusal("has subgraphs, which are not rewritten");
        }
        RegionRules.of(site).rewrite(site);
    }

    /** Along these axes; what cannot be divided counts as one position. */
    private Map<String, Map<Axis, Interval>> read(Layer layer, Set<Axis> along) {
        Map<String, Map<Axis, Interval>> read = new HashMap<>();
        layer.outputs().stream().filter(this::isNeeded).forEach(output -> {
            Map<Axis, Interval> positions = new EnumMap<>(Axis.class);
            along.forEach(axis -> positions.put(axis, orOne(needed(output, axis))));
            read.put(output, positions);
        });
        return read;
    }

    private static Interval orOne(Interval needed) {
        return needed.isEmpty() ? new Interval(0, 1) : needed;
    }

    /** What reads nothing that could be divided is computed whole, but for what joins single positions. */
    private boolean isDivided(Layer layer, Axis axis) {
        List<String> tensors = layer.along(axis) instanceof Join ? layer.outputs() : layer.inputs();
        return tensors.stream().anyMatch(tensor -> axis.divisible(graph.tensor(tensor)) > 0);
    }

    /** What cannot be divided counts as one position. */
    private Interval computed(Layer layer, Axis axis) {
        Interval computed = layer.along(axis) instanceof Split split
                ? computedApart(layer, axis, split)
                : layer.outputs().stream().map(output -> needed(output, axis)).reduce(Interval.EMPTY, Interval::hull);
        return orOne(computed);
    }

    /** Positions of the input from which all that is needed is split. */
    private Interval computedApart(Layer layer, Axis axis, Split split) {
        Interval computed = Interval.EMPTY;
        for (int result = 0; result < layer.outputs().size(); result++) {
            String output = layer.outputs().get(result);
            if (isNeeded(output)) {
                computed = computed.hull(split.placed(result, orOne(needed(output, axis))));
            }
        }
        return computed;
    }
}
