package dev.tandem.core.planner;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.topology.CoreGroup;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Divides everything that can be divided one way: along rows, with halos recomputed or exchanged (AOFL, Zhou et al. 2019; MoDNN,
 * Mao et al. 2017), as tiles of a grid (DeepThings, Zhao et al. 2018), along output channels, or along the batch; over exactly
 * {@link PlanRequest#shards()} core groups, in proportion to their rates ({@link DividedStages}).
 *
 * <p>Nothing is searched but whether stages go on where maps are joined or cropped along the divided axis: it is a way of
 * dividing to be asked for and to be compared with, and no claim is made that it pays.
 */
public final class DividedPlanner implements Planner {

    /** Which way. */
    public enum Way {
        ROWS,
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
        return Stream.of(true, false)
                .map(throughShifts -> stages(request, groups, throughShifts))
                .filter(DividedPlanner::isDivided)
                .distinct()
                .map(stages -> Draft.plan(request, words(), stages))
                .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()))
                .min(Comparator.comparing(
                                (Plan plan) -> Draft.lacking(request, plan).isPresent())
                        .thenComparingDouble(plan -> request.objective().value(plan.predicted())));
    }

    private List<Stage> stages(PlanRequest request, List<CoreGroup> groups, boolean throughShifts) {
        List<Stage> stages =
                new DividedStages(request.graph(), groups, division(groups), request.halo(), throughShifts).all();
        return request.halo() == Halo.OVERLAP ? HaloOverlap.everywhere(request.graph(), stages) : stages;
    }

    private static boolean isDivided(List<Stage> stages) {
        return stages.stream().anyMatch(stage -> stage.shards().size() > 1);
    }

    private String words() {
        return switch (way) {
            case ROWS -> "rows";
            case GRID -> "grid";
            case CHANNELS -> "channels";
            case BATCH -> "batch";
        };
    }

    private Division division(List<CoreGroup> groups) {
        List<Double> rates =
                groups.stream().map(CoreGroup::multiplyAddsPerSecond).toList();
        return switch (way) {
            case ROWS -> Division.along(Axis.ROWS, rates);
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
        if (across == 1) {
            return Division.along(Axis.ROWS, rates);
        }
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

    private String unplanned(PlanRequest request, List<CoreGroup> groups) {
        ModelGraph graph = request.graph();
        Division division = division(groups);
        if (isDivided(stages(request, groups, true))) {
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
