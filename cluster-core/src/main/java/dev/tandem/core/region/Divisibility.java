package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether, and how, a segment can be divided. */
public final class Divisibility {

    private Divisibility() {}

    /** Why the segment cannot be divided along rows at all; empty when it can, into at least two shards. */
    public static Optional<String> refusal(ModelGraph graph, Segment segment) {
        return refusal(graph, Axis.ROWS, segment, 2);
    }

    /** Why the segment cannot be divided along rows into so many shards; empty when it can. */
    public static Optional<String> refusal(ModelGraph graph, Segment segment, int shards) {
        return refusal(graph, Axis.ROWS, segment, shards);
    }

    /** Why the segment cannot be divided along an axis into so many parts; empty when it can. */
    public static Optional<String> refusal(ModelGraph graph, Axis axis, Segment segment, int parts) {
        for (Layer layer : graph.layers(segment)) {
            Optional<String> refusal = LayerDivision.refusal(graph, axis, layer);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return graph.outputs(segment).stream()
                .flatMap(output -> outputRefusal(output, axis, parts).stream())
                .findFirst();
    }

    /** Whether a layer can be computed in row parts, as far as its geometry and shapes tell. */
    public static boolean isDivisible(ModelGraph graph, int layer) {
        return isDivisible(graph, Axis.ROWS, layer);
    }

    /** Whether a layer can be computed in parts along an axis, as far as its geometry and shapes tell. */
    public static boolean isDivisible(ModelGraph graph, Axis axis, int layer) {
        return LayerDivision.refusal(graph, axis, graph.layers().get(layer)).isEmpty();
    }

    /** Whether a layer reads all rows, or columns, for each of its outputs: what one number stands for afterwards. */
    public static boolean gathers(ModelGraph graph, Axis axis, int layer) {
        return axis.isSpatial() && graph.layers().get(layer).along(axis) instanceof Dense;
    }

    /**
     * The longest segment from a layer on that ends at an allowed cut, or at the model's end, can be divided into so many row
     * shards, and has no work in front of a layer that reads all rows: each shard would do all of that.
     */
    public static Optional<Segment> longest(ModelGraph graph, int from, int shards) {
        return longest(graph, Axis.ROWS, from, shards);
    }

    /** {@link #longest(ModelGraph, int, int)} along any axis. */
    public static Optional<Segment> longest(ModelGraph graph, Axis axis, int from, int shards) {
        int blocked = from;
        boolean isWork = false;
        while (blocked < graph.layers().size()
                && isDivisible(graph, axis, blocked)
                && !(isWork && gathers(graph, axis, blocked))) {
            isWork |= graph.layers().get(blocked).multiplyAdds() > 0;
            blocked++;
        }
        int end = blocked;
        List<Integer> ends = new ArrayList<>();
        graph.allowedCuts().stream()
                .map(cut -> cut.position())
                .filter(position -> from < position && position <= end)
                .forEach(ends::add);
        if (end == graph.layers().size() && end > from) {
            ends.add(end);
        }
        for (int last = ends.size() - 1; last >= 0; last--) {
            Segment segment = new Segment(from, ends.get(last));
            if (refusal(graph, axis, segment, shards).isEmpty()) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /**
     * Divides a segment along rows, see {@link #divide(ModelGraph, Segment, Division)}.
     *
     * @param shares positive, in any unit; one per shard, in the order of the rows
     * @throws NotDivisibleException when the segment cannot be divided so; the message says why
     */
    public static List<ShardRegions> divide(ModelGraph graph, Segment segment, List<Double> shares) {
        return divide(graph, segment, Division.along(Axis.ROWS, shares));
    }

    /**
     * Divides a segment into shards by share: along each axis of the division every output is cut at the rounded cumulative
     * shares of its extent, each part being at least one position long.
     *
     * @return one for each combination of parts, the last axis changing first
     * @throws NotDivisibleException when the segment cannot be divided so; the message says why
     */
    public static List<ShardRegions> divide(ModelGraph graph, Segment segment, Division division) {
        division.shares().forEach((axis, shares) -> refusal(graph, axis, segment, shares.size())
                .ifPresent(reason -> {
                    throw new NotDivisibleException(reason);
                }));
        return division.places().stream()
                .map(place -> regions(graph, segment, owned(graph, segment, division, place)))
                .toList();
    }

    private static Map<String, Region> owned(
            ModelGraph graph, Segment segment, Division division, Map<Axis, Integer> place) {
        Map<String, Region> owned = new LinkedHashMap<>();
        for (TensorSpec output : graph.outputs(segment)) {
            Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
            place.forEach((axis, part) -> ranges.put(
                    axis,
                    cut(output.shape().get(axis.dimension()), division.shares().getOrDefault(axis, List.of()))
                            .get(part)));
            owned.put(output.name(), new Region(ranges));
        }
        return owned;
    }

    /**
     * Cuts {@code [0, extent)} at the rounded cumulative shares, each part at least one position long.
     *
     * @throws IllegalArgumentException when there are fewer positions than shares, or a share is not above 0 and finite
     */
    public static List<Interval> cut(int extent, List<Double> shares) {
        if (shares.isEmpty()
                || shares.size() > extent
                || shares.stream().anyMatch(share -> !(share > 0 && share < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException("shares " + shares
                    + " must be above 0 and finite, at least one, and no more than there are positions (" + extent
                    + ")");
        }
        double total = shares.stream().mapToDouble(Double::doubleValue).sum();
        List<Interval> parts = new ArrayList<>();
        double cumulative = 0;
        int from = 0;
        for (int part = 0; part < shares.size(); part++) {
            cumulative += shares.get(part);
            int ideal = Math.toIntExact(Math.round(extent * cumulative / total));
            int to = Math.min(Math.max(ideal, from + 1), extent - (shares.size() - 1 - part));
            parts.add(new Interval(from, to));
            from = to;
        }
        return List.copyOf(parts);
    }

    /**
     * What a shard reads that owns these regions of a segment's outputs. Inputs of which it needs nothing are not named.
     *
     * @param owned of every output, all along the same axes
     * @throws NotDivisibleException when it would compute from padding alone
     */
    public static ShardRegions regions(ModelGraph graph, Segment segment, Map<String, Region> owned) {
        Map<String, Map<Axis, Interval>> read = new LinkedHashMap<>();
        graph.inputs(segment).forEach(input -> read.put(input.name(), new EnumMap<>(Axis.class)));
        owned.values().stream()
                .flatMap(region -> region.ranges().keySet().stream())
                .distinct()
                .forEach(axis -> read(graph, segment, axis, owned, read));
        Map<String, Region> inputs = new LinkedHashMap<>();
        read.forEach((input, ranges) -> inputs.put(input, new Region(Objects.requireNonNull(ranges))));
        return new ShardRegions(inputs, owned);
    }

    /** Adds the ranges of inputs along an axis, and leaves out those that are not needed. */
    private static void read(
            ModelGraph graph,
            Segment segment,
            Axis axis,
            Map<String, Region> owned,
            Map<String, Map<Axis, Interval>> read) {
        Map<String, Interval> wanted = new LinkedHashMap<>();
        owned.forEach((output, region) -> {
            Interval range = Objects.requireNonNull(region).ranges().get(axis);
            if (range != null) {
                wanted.put(output, range);
            }
        });
        AxisSweep sweep = AxisSweep.over(graph, axis, segment, AxisSweep.of(graph, axis, wanted));
        sweep.paddingAlone().ifPresent(tensor -> {
            throw new NotDivisibleException("the shard of " + axis.words() + " " + wanted
                    + " would compute from padding alone: it needs no " + axis.words() + " of tensor '" + tensor
                    + "'. Maybe use fewer shards.");
        });
        read.keySet().removeIf(input -> !sweep.isNeeded(graph.index().number(input)));
        read.forEach((input, ranges) -> {
            int tensor = graph.index().number(input);
            int first = sweep.first(tensor);
            if (first >= 0) {
                Objects.requireNonNull(ranges).put(axis, new Interval(first, first + sweep.length(tensor)));
            }
        });
    }

    private static Optional<String> outputRefusal(TensorSpec output, Axis axis, int parts) {
        if (axis.isSpatial() && !output.isFeatureMap()) {
            return Optional.of("output '" + output.name() + "' of shape " + output.shape()
                    + " is no feature map (batch, channels, rows, columns)");
        }
        int extent = output.rank() > axis.dimension() ? output.shape().get(axis.dimension()) : 0;
        if (extent < parts) {
            return Optional.of("output '" + output.name() + "' of shape " + output.shape() + " has " + extent
                    + " along " + axis.words() + ", fewer than " + parts + " shards");
        }
        return Optional.empty();
    }
}
