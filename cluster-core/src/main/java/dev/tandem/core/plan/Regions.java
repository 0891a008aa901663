package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Set arithmetic of regions of one tensor, for checks. */
final class Regions {

    private Regions() {}

    /** Why this is no region of that tensor. */
    static Optional<String> problem(ModelGraph graph, String tensor, Region region) {
        TensorSpec spec = graph.tensors().get(tensor);
        if (spec == null) {
            return Optional.of("the model has no tensor '" + tensor + "'");
        }
        try {
            region.ranges(spec);
            return Optional.empty();
        } catch (IllegalArgumentException beyond) {
            return Optional.of(String.valueOf(beyond.getMessage()));
        }
    }

    /**
     * Why the parts are not the whole exactly once; all must be regions of the tensor. Parts inside the whole that do not
     * overlap are all of it when they have as many elements.
     */
    static Optional<String> partitionProblem(TensorSpec tensor, Region whole, List<Region> parts) {
        for (int first = 0; first < parts.size(); first++) {
            for (int second = first + 1; second < parts.size(); second++) {
                Optional<Region> both = parts.get(first).intersect(parts.get(second));
                if (both.isPresent()) {
                    return Optional.of(both.get() + " more than once");
                }
            }
        }
        long wanted = elements(tensor, whole);
        long inside = parts.stream()
                .mapToLong(part -> part.intersect(whole)
                        .map(common -> elements(tensor, common))
                        .orElse(0L))
                .sum();
        long all = parts.stream().mapToLong(part -> elements(tensor, part)).sum();
        if (inside < wanted) {
            return Optional.of("only " + inside + " of the " + wanted + " elements of " + whole + ": "
                    + missing(tensor, whole, parts) + " is missing");
        }
        return all > inside ? Optional.of((all - inside) + " elements that are not in " + whole) : Optional.empty();
    }

    /** One of the regions of the whole that no part has, as large as the borders of parts let it be along the last axis. */
    private static Region missing(TensorSpec tensor, Region whole, List<Region> parts) {
        List<Region> cells = List.of(whole);
        for (Region part : parts) {
            cells = cells.stream()
                    .flatMap(cell -> without(tensor, cell, part).stream())
                    .toList();
        }
        return cells.get(0);
    }

    /** What is left of a region, in boxes. */
    private static List<Region> without(TensorSpec tensor, Region region, Region part) {
        Optional<Region> common = region.intersect(part);
        if (common.isEmpty()) {
            return List.of(region);
        }
        List<Region> left = new ArrayList<>();
        Region rest = region;
        for (Axis axis : common.get().ranges().keySet()) {
            int extent = tensor.shape().get(axis.dimension());
            Interval all = rest.range(axis, extent);
            Interval taken = common.get().range(axis, extent);
            add(left, rest, axis, all.from(), taken.from());
            add(left, rest, axis, taken.to(), all.to());
            rest = with(rest, axis, taken);
        }
        return left;
    }

    private static void add(List<Region> regions, Region region, Axis axis, int from, int to) {
        if (from < to) {
            regions.add(with(region, axis, new Interval(from, to)));
        }
    }

    private static Region with(Region region, Axis axis, Interval range) {
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        ranges.putAll(region.ranges());
        ranges.put(axis, range);
        return new Region(ranges);
    }

    /** Whether a region of the tensor lies in another. */
    static boolean contains(TensorSpec tensor, Region outer, Region inner) {
        return outer.intersect(inner)
                .filter(common -> elements(tensor, common) == elements(tensor, inner))
                .isPresent();
    }

    private static long elements(TensorSpec tensor, Region region) {
        return region.of(tensor).elements();
    }
}
