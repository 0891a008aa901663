package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the shards of each stage compute all of its outputs once, can be computed so, and ask for what they read. */
final class LaneRegions {

    private final ModelGraph graph;
    private final List<String> problems = new ArrayList<>();

    private LaneRegions(ModelGraph graph) {
        this.graph = graph;
    }

    static List<String> problems(String name, Lane lane, ModelGraph graph) {
        LaneRegions regions = new LaneRegions(graph);
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            regions.check(name + ", stage " + stage, lane.stages().get(stage));
        }
        return regions.problems;
    }

    private void check(String where, Stage stage) {
        int before = problems.size();
        for (int index = 0; index < stage.shards().size(); index++) {
            Shard shard = stage.shards().get(index);
            checkNames(where + ", shard " + index + ", input", shard.inputs(), graph.inputs(stage.segment()));
            checkNames(where + ", shard " + index + ", output", shard.outputs(), graph.outputs(stage.segment()));
            if (shard.outputs().isEmpty()) {
                problems.add(where + ", shard " + index + " on " + shard.place() + " computes no output");
            }
        }
        if (problems.size() == before) {
            checkOutputs(where, stage);
            checkDivision(where, stage);
        }
        if (problems.size() == before) {
            for (int index = 0; index < stage.shards().size(); index++) {
                checkInputs(where + ", shard " + index, stage, stage.shards().get(index));
            }
        }
    }

    /** A stage of whole tensors is the segment as it is; any other must be one whose layers can be computed in parts. */
    private void checkDivision(String where, Stage stage) {
        Set<Axis> divided = EnumSet.noneOf(Axis.class);
        stage.shards().forEach(shard -> Stream.of(shard.inputs(), shard.outputs())
                .flatMap(regions -> regions.entrySet().stream())
                .forEach(region -> addDivided(graph.tensor(region.getKey()), region.getValue(), divided)));
        // Of a grid there are fewer parts along each axis than shards: which, the regions themselves say.
        int parts = divided.size() == 1 ? stage.shards().size() : 2;
        divided.forEach(axis -> Divisibility.refusal(graph, axis, stage.segment(), parts)
                .ifPresent(reason -> problems.add(where + " cannot be divided along " + axis.words() + ": " + reason)));
    }

    private static void addDivided(TensorSpec tensor, Region region, Set<Axis> divided) {
        region.ranges().forEach((axis, range) -> {
            if (range.length() < tensor.shape().get(axis.dimension())) {
                divided.add(axis);
            }
        });
    }

    private void checkNames(String where, Map<String, Region> regions, List<TensorSpec> expected) {
        regions.forEach((tensor, region) -> {
            Optional<String> problem = Regions.problem(graph, tensor, region);
            problem.ifPresent(reason -> problems.add(where + " '" + tensor + "': " + reason));
            if (problem.isEmpty() && !expected.contains(graph.tensor(tensor))) {
                problems.add(where + " '" + tensor + "' must be one of the stage's: "
                        + expected.stream().map(TensorSpec::name).toList());
            }
        });
    }

    private void checkOutputs(String where, Stage stage) {
        for (TensorSpec output : graph.outputs(stage.segment())) {
            List<Region> parts = stage.shards().stream()
                    .flatMap(shard -> Optional.ofNullable(shard.outputs().get(output.name())).stream())
                    .toList();
            Regions.partitionProblem(output, Region.WHOLE, parts)
                    .ifPresent(problem -> problems.add(where + " must compute output '" + output.name()
                            + "' exactly once, but computes " + problem));
        }
    }

    private void checkInputs(String where, Stage stage, Shard shard) {
        Map<String, Region> needs = new LinkedHashMap<>();
        for (Axis axis : RegionSweep.axes(shard.outputs())) {
            Map<String, Interval> needed =
                    ReceptiveField.along(axis, graph, stage.segment(), RegionSweep.ranges(shard.outputs(), axis));
            Optional<String> unread = needed.entrySet().stream()
                    .filter(tensor -> tensor.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (unread.isPresent()) {
                problems.add(where + " would compute from padding alone: it needs no " + axis.words() + " of tensor '"
                        + unread.get() + "'. Maybe use fewer shards.");
                return;
            }
            graph.inputs(stage.segment()).forEach(input -> restrict(needs, input.name(), axis, needed));
        }
        RegionSweep sweep = RegionSweep.over(graph, stage.segment(), shard.outputs());
        for (TensorSpec input : graph.inputs(stage.segment())) {
            if (sweep.isNeeded(graph.index().number(input.name()))) {
                checkInput(where, input, needs.getOrDefault(input.name(), Region.WHOLE), shard);
            }
        }
    }

    private static void restrict(Map<String, Region> needs, String input, Axis axis, Map<String, Interval> needed) {
        Interval range = needed.get(input);
        if (range != null) {
            needs.merge(input, new Region(Map.of(axis, range)), (one, other) -> one.intersect(other)
                    .orElseThrow());
        }
    }

    private void checkInput(String where, TensorSpec input, Region need, Shard shard) {
        Region given = shard.inputs().get(input.name());
        if (given == null || !Regions.contains(input, given, need)) {
            problems.add(where + " needs " + need + " of tensor '" + input.name() + "' for its outputs, but asks for "
                    + (given == null ? "nothing" : given));
        }
    }
}
