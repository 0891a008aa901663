package dev.tandem.core.planner;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroupId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Lets core groups compute while the rows that neighbours send are under way. A shard along rows that needs rows of other nodes
 * becomes several on its core group: one of all rows for which its own node has everything, its interior, and one on each side
 * of that for the others. The interior comes first among them, and is computed first, because its inputs are there first.
 *
 * <p>Each of them is a session of its own, so a stage that is divided so takes more calls and more memory.
 */
final class HaloOverlap {

    private final ModelGraph graph;
    private final List<Stage> stages;

    private HaloOverlap(ModelGraph graph, List<Stage> stages) {
        this.graph = graph;
        this.stages = stages;
    }

    /** Stages of one lane, in order, divided further wherever that can be. */
    static List<Stage> everywhere(ModelGraph graph, List<Stage> stages) {
        return divided(graph, stages, stage -> true);
    }

    /** The same segments with rows shared anew, divided further where they were so before, and can be. */
    static List<Stage> again(ModelGraph graph, List<Stage> before, List<Stage> shared) {
        List<Stage> plain = undone(graph, before);
        return divided(graph, shared, stage -> !plain.get(stage).equals(before.get(stage)));
    }

    private static List<Stage> divided(ModelGraph graph, List<Stage> stages, IntPredicate where) {
        List<Stage> divided = new ArrayList<>(stages);
        for (int stage = 0; stage < divided.size(); stage++) {
            if (where.test(stage)) {
                divided.set(stage, new HaloOverlap(graph, divided).divided(stage));
            }
        }
        return List.copyOf(divided);
    }

    /**
     * The plan of one lane of these stages, each of which is divided further if the plan fits and is better by the objective
     * then.
     */
    static Plan whereItPays(PlanRequest request, String scheme, List<Stage> stages) {
        List<Stage> chosen = new ArrayList<>(stages);
        Plan best = Draft.plan(request, scheme, chosen);
        for (int stage = 0; stage < chosen.size(); stage++) {
            Stage before = chosen.get(stage);
            chosen.set(stage, new HaloOverlap(request.graph(), chosen).divided(stage));
            if (!chosen.get(stage).equals(before)) {
                Plan plan = Draft.plan(request, scheme, chosen);
                boolean isBetter = Draft.lacking(request, plan).isEmpty()
                        && request.objective().value(plan.predicted())
                                < request.objective().value(best.predicted());
                best = isBetter ? plan : best;
                chosen.set(stage, isBetter ? chosen.get(stage) : before);
            }
        }
        return best;
    }

    /** The stages as they were before: neighbouring rows of one core group are one shard again. */
    static List<Stage> undone(ModelGraph graph, List<Stage> stages) {
        HaloOverlap overlap = new HaloOverlap(graph, stages);
        return stages.stream().map(overlap::joined).toList();
    }

    private Stage divided(int index) {
        Stage stage = stages.get(index);
        if (index == 0 || stage.shards().size() == 1) {
            return stage;
        }
        List<Shard> shards = new ArrayList<>();
        for (Shard shard : stage.shards()) {
            shards.addAll(divided(index, shard));
        }
        return new Stage(stage.segment(), shards);
    }

    private List<Shard> divided(int index, Shard shard) {
        Segment segment = stages.get(index).segment();
        Optional<Interval> rows = rows(List.of(shard));
        if (rows.isEmpty()) {
            return List.of(shard);
        }
        try {
            Interval interior = interior(index, shard, rows.get());
            if (interior.isEmpty() || interior.equals(rows.get())) {
                return List.of(shard);
            }
            List<Shard> parts = new ArrayList<>();
            parts.add(part(segment, shard, interior));
            if (rows.get().from() < interior.from()) {
                parts.add(part(segment, shard, new Interval(rows.get().from(), interior.from())));
            }
            if (interior.to() < rows.get().to()) {
                parts.add(part(
                        segment, shard, new Interval(interior.to(), rows.get().to())));
            }
            return parts;
        } catch (NotDivisibleException fromPaddingAlone) {
            return List.of(shard);
        }
    }

    /** The rows that all outputs of these shards have together, if they are rows without a gap, the same of each output. */
    private static Optional<Interval> rows(List<Shard> shards) {
        Set<List<Region>> regions = shards.get(0).outputs().keySet().stream()
                .map(output -> shards.stream()
                        .map(shard -> shard.outputs().getOrDefault(output, Region.WHOLE))
                        .toList())
                .collect(Collectors.toSet());
        if (regions.size() != 1) {
            return Optional.empty();
        }
        List<Region> parts = regions.iterator().next();
        if (!parts.stream().allMatch(part -> part.ranges().keySet().equals(Set.of(Axis.ROWS)))) {
            return Optional.empty();
        }
        List<Interval> ranges =
                parts.stream().map(part -> part.ranges().get(Axis.ROWS)).toList();
        Interval all = ranges.stream().reduce(Interval.EMPTY, Interval::hull);
        return ranges.stream().mapToInt(Interval::length).sum() == all.length() ? Optional.of(all) : Optional.empty();
    }

    /** The most rows in the middle that need what the node has and nothing else; empty where there are none. */
    private Interval interior(int index, Shard shard, Interval rows) {
        Segment segment = stages.get(index).segment();
        Map<String, Interval> present = new LinkedHashMap<>();
        shard.inputs().keySet().forEach(input -> present.put(input, present(index, input, shard.place())));
        int from = rows.from();
        while (from < rows.to() && !startsWithin(part(segment, shard, new Interval(from, rows.to())), present)) {
            from++;
        }
        int to = rows.to();
        while (to > from && !isWithin(part(segment, shard, new Interval(from, to)), present)) {
            to--;
        }
        return from < to ? new Interval(from, to) : Interval.EMPTY;
    }

    /** Rows of a tensor that earlier stages compute on the node, as far as they lie side by side; none of model inputs. */
    private Interval present(int index, String tensor, CoreGroupId place) {
        List<Interval> computed = stages.subList(0, index).stream()
                .flatMap(stage -> stage.shards().stream())
                .filter(shard -> shard.place().node().equals(place.node()))
                .flatMap(shard -> Optional.ofNullable(shard.outputs().get(tensor)).stream())
                .filter(region -> region.ranges().keySet().equals(Set.of(Axis.ROWS)) || region.isWhole())
                .map(region -> region.range(Axis.ROWS, height(tensor)))
                .sorted(Comparator.comparingInt(Interval::from))
                .toList();
        Interval joined = Interval.EMPTY;
        for (Interval range : computed) {
            joined = joined.isEmpty() || range.from() <= joined.to() ? joined.hull(range) : joined;
        }
        return joined;
    }

    private int height(String tensor) {
        return Math.max(1, Axis.ROWS.divisible(graph.tensor(tensor)));
    }

    private boolean startsWithin(Shard part, Map<String, Interval> present) {
        return part.inputs().entrySet().stream().allMatch(input -> {
            int first = needed(input).from();
            Interval there = present.getOrDefault(input.getKey(), Interval.EMPTY);
            return there.from() <= first && first < there.to();
        });
    }

    private boolean isWithin(Shard part, Map<String, Interval> present) {
        return part.inputs().entrySet().stream().allMatch(input -> present.getOrDefault(input.getKey(), Interval.EMPTY)
                .contains(needed(input)));
    }

    private Interval needed(Map.Entry<String, Region> input) {
        return input.getValue().range(Axis.ROWS, height(input.getKey()));
    }

    /** @throws NotDivisibleException when these rows are computed from padding alone */
    private Shard part(Segment segment, Shard shard, Interval rows) {
        Map<String, Region> owned = new LinkedHashMap<>();
        shard.outputs().keySet().forEach(output -> owned.put(output, Region.rows(rows)));
        ShardRegions regions = Divisibility.regions(graph, segment, owned);
        return new Shard(shard.place(), regions.inputs(), regions.outputs());
    }

    private Stage joined(Stage stage) {
        Map<CoreGroupId, List<Shard>> places = stage.shards().stream()
                .collect(Collectors.groupingBy(Shard::place, LinkedHashMap::new, Collectors.toList()));
        List<Shard> shards = new ArrayList<>();
        for (List<Shard> parts : places.values()) {
            Optional<Interval> rows = parts.size() == 1 ? Optional.empty() : rows(parts);
            if (rows.isPresent()) {
                shards.add(part(stage.segment(), parts.get(0), rows.get()));
            } else {
                shards.addAll(parts);
            }
        }
        return new Stage(stage.segment(), shards);
    }
}
