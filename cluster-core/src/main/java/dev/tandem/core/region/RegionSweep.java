package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * What a shard computes and reads, along all axes, of all segments that end at one place: an {@link AxisSweep} for each axis
 * along which the shard is a part. Used by one thread.
 */
public final class RegionSweep {

    private static final String TOKENS_PRODUCT = "MatMul";

    private final ModelGraph graph;
    private final GraphIndex index;
    private final int end;
    private final List<AxisSweep> sweeps;
    private final List<Axis> axes;
    private int begin;

    private RegionSweep(ModelGraph graph, int end, Map<Axis, IntFunction<Interval>> owned) {
        this.graph = graph;
        this.index = graph.index();
        this.end = end;
        this.begin = end;
        this.axes = List.copyOf(owned.keySet());
        this.sweeps = owned.entrySet().stream()
                .map(along -> new AxisSweep(graph, along.getKey(), end, along.getValue()))
                .toList();
    }

    /**
     * Of a shard that is a part along rows only.
     *
     * @param owned rows that the shard computes of an output, by its number
     */
    public static RegionSweep ofRows(ModelGraph graph, int end, IntFunction<Interval> owned) {
        return new RegionSweep(graph, end, Map.of(Axis.ROWS, owned));
    }

    /**
     * Of a shard that is a part along the axes that its outputs name.
     *
     * @param owned what the shard computes of outputs, by name; those that are not named it computes whole
     */
    public static RegionSweep of(ModelGraph graph, int end, Map<String, Region> owned) {
        Map<Axis, IntFunction<Interval>> byAxis = new EnumMap<>(Axis.class);
        for (Axis axis : axes(owned)) {
            byAxis.put(axis, AxisSweep.of(graph, axis, ranges(owned, axis)));
        }
        return new RegionSweep(graph, end, byAxis);
    }

    /** The walk through a segment, see {@link #of}. */
    public static RegionSweep over(ModelGraph graph, Segment segment, Map<String, Region> owned) {
        RegionSweep sweep = of(graph, segment.to(), owned);
        while (sweep.begin() > segment.from()) {
            sweep.back();
        }
        return sweep;
    }

    /** The axes along which any of the regions is a part. */
    public static List<Axis> axes(Map<String, Region> regions) {
        TreeSet<Axis> axes = new TreeSet<>();
        regions.values().forEach(region -> axes.addAll(region.ranges().keySet()));
        return new ArrayList<>(axes);
    }

    /** Ranges along an axis of those of the regions that are a part along it. */
    public static Map<String, Interval> ranges(Map<String, Region> regions, Axis axis) {
        Map<String, Interval> ranges = new HashMap<>();
        regions.forEach((tensor, region) -> {
            Interval range = region.ranges().get(axis);
            if (range != null) {
                ranges.put(tensor, range);
            }
        });
        return ranges;
    }

    /** Takes the layer in front of the segment into it; there must be one. */
    public void back() {
        begin--;
        sweeps.forEach(AxisSweep::back);
    }

    /** The first layer of the segment so far. */
    public int begin() {
        return begin;
    }

    /** In front of which layer the segments end. */
    public int end() {
        return end;
    }

    /** Of the layer that was taken last, the part that is computed; 0 where it is not needed. */
    public double share() {
        double share = 1;
        for (AxisSweep sweep : sweeps) {
            share *= sweep.share();
        }
        return share;
    }

    /**
     * Of the layer that was taken last, the bytes of its weights that are held: those of the channels that are computed, all of
     * a matrix by which each token of a sequence is multiplied, and none where the layer is not needed.
     */
    public long weightBytes() {
        if (share() == 0) {
            return 0;
        }
        Layer layer = graph.layers().get(begin);
        int channels = axes.indexOf(Axis.CHANNELS);
        boolean isShared = layer.operator().equals(TOKENS_PRODUCT) && layer.along(Axis.CHANNELS) instanceof Pointwise;
        return channels < 0 || isShared
                ? layer.weightBytes()
                : Math.round(layer.weightBytes() * sweeps.get(channels).share());
    }

    /** Whether the segment reads, or has as an output, the tensor. */
    public boolean isNeeded(int tensor) {
        return sweeps.stream().allMatch(sweep -> sweep.isNeeded(tensor));
    }

    /** Whether some layer of the segment reads nothing but padding of a tensor. */
    public boolean readsPaddingAlone() {
        return sweeps.stream().anyMatch(AxisSweep::readsPaddingAlone);
    }

    /** Bytes that are read or wanted of a tensor; 0 for one that is not needed. */
    public long bytes(int tensor) {
        if (!isNeeded(tensor)) {
            return 0;
        }
        long bytes = index.bytes(tensor);
        for (int along = 0; along < sweeps.size(); along++) {
            int held = sweeps.get(along).length(tensor);
            if (held >= 0) {
                bytes = bytes / index.divisible(axes.get(along), tensor) * held;
            }
        }
        return bytes;
    }

    /** What is needed along one of the axes. */
    public AxisSweep along(Axis axis) {
        return sweeps.get(axes.indexOf(axis));
    }
}
