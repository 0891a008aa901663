package dev.tandem.core.planner;

import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Divides everything that can be divided one way: as tiles of a grid (DeepThings, Zhao et al. 2018), along output channels,
 * or along the batch. Stages are divided over exactly {@link PlanRequest#shards()} core groups, in proportion to their rates,
 * and are as long as can be; along channels each has one layer that reads all channels, since what lies in front of a second
 * one every shard would have to compute whole. What cannot be divided so is whole on the fastest of the core groups.
 *
 * <p>Nothing is searched: it is a way of dividing to be asked for and to be compared with, and no claim is made that it pays.
 */
public final class DividedPlanner implements Planner {

    /** Which way. */
    public enum Way {
        GRID,
        CHANNELS,
        BATCH
    }

    private final Way way;

    public DividedPlanner(Way way) {
        this.way = way;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        return ShardGroups.plan(
                request,
                words() + " over " + request.shards() + " core groups",
                groups -> plan(request, groups),
                groups -> unplanned(request, groups));
    }

    private Optional<Plan> plan(PlanRequest request, List<CoreGroup> groups) {
        List<Stage> stages = stages(request.graph(), groups, division(groups));
        return isDivided(stages)
                ? Optional.of(Draft.plan(request, words(), stages))
                        .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()))
                : Optional.empty();
    }

    private static boolean isDivided(List<Stage> stages) {
        return stages.stream().anyMatch(stage -> stage.shards().size() > 1);
    }

    private String words() {
        return switch (way) {
            case GRID -> "grid";
            case CHANNELS -> "channels";
            case BATCH -> "batch";
        };
    }

    private Division division(List<CoreGroup> groups) {
        List<Double> rates =
                groups.stream().map(CoreGroup::multiplyAddsPerSecond).toList();
        return switch (way) {
            case GRID -> grid(rates);
            case CHANNELS -> Division.along(Axis.CHANNELS, rates);
            case BATCH -> Division.along(Axis.BATCH, rates);
        };
    }

    /** As square as the number of shards can be: each row, and each column, as wide as its core groups are fast together. */
    private static Division grid(List<Double> rates) {
        int columns = (int) Math.sqrt(rates.size());
        while (rates.size() % columns != 0) {
            columns--;
        }
        int across = columns;
        int down = rates.size() / columns;
        return new Division(Map.of(
                Axis.ROWS,
                sums(down, row -> IntStream.range(0, across).mapToObj(column -> rates.get(row * across + column))),
                Axis.COLUMNS,
                sums(across, column -> IntStream.range(0, down).mapToObj(row -> rates.get(row * across + column)))));
    }

    private static List<Double> sums(int parts, IntFunction<Stream<Double>> of) {
        return IntStream.range(0, parts)
                .mapToObj(
                        part -> of.apply(part).mapToDouble(Double::doubleValue).sum())
                .toList();
    }

    private List<Stage> stages(ModelGraph graph, List<CoreGroup> groups, Division division) {
        List<Integer> ends =
                new ArrayList<>(graph.allowedCuts().stream().map(Cut::position).toList());
        ends.add(graph.layers().size());
        CoreGroup fastest = groups.stream().min(Draft.FASTEST).orElseThrow();
        List<Stage> stages = new ArrayList<>();
        int whole = 0;
        int from = 0;
        while (from < graph.layers().size()) {
            Optional<Stage> divided = longest(graph, from, ends, groups, division);
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
    private Optional<Stage> longest(
            ModelGraph graph, int from, List<Integer> ends, List<CoreGroup> groups, Division division) {
        int limit = limit(graph, from, division);
        return ends.stream()
                .filter(end -> from < end && end <= limit)
                .sorted(Comparator.reverseOrder())
                .map(end -> divided(graph, new Segment(from, end), groups, division))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** In front of the first layer that cannot be divided, or would have others computed whole. */
    private int limit(ModelGraph graph, int from, Division division) {
        boolean isDense = false;
        for (int layer = from; layer < graph.layers().size(); layer++) {
            int number = layer;
            boolean isDivisible =
                    division.shares().keySet().stream().allMatch(axis -> Divisibility.isDivisible(graph, axis, number));
            boolean readsAll = way == Way.CHANNELS && isDense(graph.layers().get(layer));
            if (!isDivisible || (readsAll && isDense)) {
                return layer;
            }
            isDense |= readsAll;
        }
        return graph.layers().size();
    }

    private static boolean isDense(Layer layer) {
        return layer.along(Axis.CHANNELS) instanceof Dense;
    }

    private static Optional<Stage> divided(
            ModelGraph graph, Segment segment, List<CoreGroup> groups, Division division) {
        if (graph.multiplyAdds(segment) == 0) {
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

    private String unplanned(PlanRequest request, List<CoreGroup> groups) {
        ModelGraph graph = request.graph();
        Division division = division(groups);
        if (isDivided(stages(graph, groups, division))) {
            return "there are no links between all of "
                    + groups.stream().map(CoreGroup::id).toList();
        }
        Map<Axis, String> reasons = new EnumMap<>(Axis.class);
        division.shares().keySet().forEach(axis -> Divisibility.refusal(graph, axis, graph.whole(), 2)
                .ifPresent(reason -> reasons.put(axis, reason)));
        return "no stage of model " + graph.name() + " can be divided by " + words() + " into " + request.shards()
                + " shards: "
                + (reasons.isEmpty() ? "its shards would be too small" : String.join("; ", reasons.values()));
    }
}
