package dev.tandem.core.planner;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The stages of a model of which everything is divided alike that can be. They are as long as can be: one ends in front of a
 * layer that cannot be divided, and where every shard would compute whole what lies in front of a layer that reads all
 * channels, rows or columns. Where positions are joined, split or left out along an axis, equal shares of what comes of that
 * stand for unequal work in front of it, and shards compute the same twice where operands are different parts of one
 * tensor: a stage can be made to end in front of that. Where halos are exchanged it also ends in front of a layer that reads
 * beyond a shard's own rows or columns where others would have to be computed for that. What cannot be divided is whole on
 * the fastest of the core groups.
 */
final class DividedStages {

    private final ModelGraph graph;
    private final List<CoreGroup> groups;
    private final Division division;
    private final Halo halo;
    private final boolean throughShifts;
    private final List<Integer> ends = new ArrayList<>();
    private final CoreGroup fastest;

    /**
     * @param groups one for each part of the division
     * @param throughShifts whether a stage goes on where what it has computed is joined or cropped along a divided axis
     */
    DividedStages(ModelGraph graph, List<CoreGroup> groups, Division division, Halo halo, boolean throughShifts) {
        this.graph = graph;
        this.groups = groups;
        this.division = division;
        this.halo = halo;
        this.throughShifts = throughShifts;
        this.fastest = groups.stream().min(Draft.FASTEST).orElseThrow();
        graph.allowedCuts().stream().map(Cut::position).forEach(ends::add);
        ends.add(graph.layers().size());
    }

    /** In order, all of the model; none of them divided where none can be. */
    List<Stage> all() {
        List<Stage> stages = new ArrayList<>();
        int whole = 0;
        int from = 0;
        while (from < graph.layers().size()) {
            Optional<Stage> divided = longest(from);
            int begin = from;
            if (divided.isPresent()) {
                if (whole < from) {
                    stages.add(Draft.undivided(graph, new Segment(whole, from), fastest.id()));
                }
                stages.add(divided.get());
                from = divided.get().segment().to();
                whole = from;
            } else {
                from = ends.stream().filter(end -> end > begin).findFirst().orElseThrow();
            }
        }
        if (whole < from) {
            stages.add(Draft.undivided(graph, new Segment(whole, from), fastest.id()));
        }
        return stages;
    }

    /** The longest stage from a layer on that can be divided so, if any. */
    private Optional<Stage> longest(int from) {
        int limit = limit(from, halo);
        List<Integer> candidates =
                ends.stream().filter(end -> from < end && end <= limit).toList();
        if (candidates.isEmpty()) {
            // Where the model must not be cut, halos are computed rather than nothing divided.
            int most = limit(from, Halo.RECOMPUTE);
            candidates = ends.stream()
                    .filter(end -> from < end && end <= most)
                    .limit(1)
                    .toList();
        }
        return candidates.stream()
                .sorted(Comparator.reverseOrder())
                .map(end -> divided(new Segment(from, end)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** In front of the first layer that cannot be divided, or would have others computed more than once. */
    private int limit(int from, Halo way) {
        boolean isWork = false;
        boolean isMap = false;
        boolean isHalo = false;
        Set<String> computed = new HashSet<>();
        for (int index = from; index < graph.layers().size(); index++) {
            Layer layer = graph.layers().get(index);
            boolean readsAll = axes().stream().anyMatch(axis -> readsAll(layer.along(axis)));
            boolean isMuch = axes().contains(Axis.COLUMNS) ? isMap : isWork;
            boolean readsWork = layer.inputs().stream().anyMatch(computed::contains);
            boolean isRepeated = readsAll && (axes().contains(Axis.CHANNELS) ? readsWork : isMuch);
            boolean isExchanged = way.isExchanged() && readsBeyond(layer) && (isWork || isHalo);
            boolean isShifted = !throughShifts && readsWork && shifts(layer);
            if (isRepeated || isExchanged || isShifted || !isDivisible(index)) {
                return index;
            }
            isWork |= layer.multiplyAdds() > 0;
            isMap |= !readsAll && writesMap(layer);
            isHalo |= readsBeyond(layer);
            if (readsWork || layer.multiplyAdds() > 0) {
                computed.addAll(layer.outputs());
            }
        }
        return graph.layers().size();
    }

    /** Of fewer groups than shards some are read whole by several. */
    private boolean readsAll(AxisGeometry geometry) {
        return geometry instanceof Dense || (geometry instanceof Groups some && some.count() < division.parts());
    }

    private boolean shifts(Layer layer) {
        return axes().stream()
                .map(layer::along)
                .anyMatch(geometry -> geometry instanceof Join || geometry instanceof Split || crops(geometry));
    }

    /** Windows over everything leave out less than a stride, and that at the end. */
    private static boolean crops(AxisGeometry geometry) {
        return (geometry instanceof Window window && (window.padBegin() < 0 || window.padEnd() <= -window.stride()))
                || (geometry instanceof Padding padding && (padding.begin() < 0 || padding.end() < 0));
    }

    private List<Axis> axes() {
        return List.copyOf(division.shares().keySet());
    }

    private boolean writesMap(Layer layer) {
        return layer.outputs().stream().map(graph::tensor).anyMatch(output -> axes().stream()
                .anyMatch(axis -> axis.divisible(output) > 0));
    }

    private boolean isDivisible(int layer) {
        return axes().stream().allMatch(axis -> Divisibility.isDivisible(graph, axis, layer));
    }

    private boolean readsBeyond(Layer layer) {
        return axes().stream().anyMatch(axis -> readsBeyond(layer.along(axis)));
    }

    private static boolean readsBeyond(AxisGeometry geometry) {
        return (geometry instanceof Window window && window.span() > window.stride())
                || (geometry instanceof TransposedWindow transposed && transposed.span() > transposed.stride());
    }

    /** Nothing is gained by dividing what does not compute, unless the rest would have to be gathered for it. */
    private Optional<Stage> divided(Segment segment) {
        if (graph.multiplyAdds(segment) == 0 && graph.layers(segment).stream().noneMatch(this::readsBeyond)) {
            return Optional.empty();
        }
        try {
            List<ShardRegions> regions = Divisibility.divide(graph, segment, division);
            return Optional.of(new Stage(
                    segment,
                    IntStream.range(0, regions.size())
                            .mapToObj(shard -> new Shard(
                                    groups.get(shard).id(),
                                    regions.get(shard).inputs(),
                                    regions.get(shard).outputs()))
                            .toList()));
        } catch (NotDivisibleException indivisible) {
            return Optional.empty();
        }
    }
}
