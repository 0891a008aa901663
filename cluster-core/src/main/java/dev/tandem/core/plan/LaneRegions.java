package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** A stage of whole tensors is the segment as it is; any other must be one whose layers can be computed in rows. */
    private void checkDivision(String where, Stage stage) {
        if (stage.shards().stream().anyMatch(this::isDivided)) {
            Divisibility.refusal(graph, stage.segment(), stage.shards().size())
                    .ifPresent(reason -> problems.add(where + " cannot be divided along rows: " + reason));
        }
    }

    private boolean isDivided(Shard shard) {
        return Stream.of(shard.inputs(), shard.outputs())
                .flatMap(regions -> regions.entrySet().stream())
                .anyMatch(region -> !region.getValue().covers(graph.tensor(region.getKey())));
    }

    private void checkNames(String where, Map<String, Region> regions, List<TensorSpec> expected) {
        regions.forEach((tensor, region) -> {
            Optional<String> problem = Regions.problem(graph, tensor, region);
            problem.ifPresent(reason -> problems.add(where + " '" + tensor + "': " + reason));
            if (!Set.of(Axis.ROWS).containsAll(region.ranges().keySet())) {
                problems.add(where + " '" + tensor + "' is " + region + ", but must be divided along rows only");
            }
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
        Map<String, Interval> owned = new HashMap<>();
        shard.outputs().forEach((tensor, region) -> {
            Interval rows = region.ranges().get(Axis.ROWS);
            if (rows != null) {
                owned.put(tensor, rows);
            }
        });
        Map<String, Interval> rows = ReceptiveField.rows(graph, stage.segment(), owned);
        Optional<String> unread = rows.entrySet().stream()
                .filter(tensor -> tensor.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst();
        if (unread.isPresent()) {
            problems.add(where + " would compute from padding alone: it needs no row of tensor '" + unread.get()
                    + "'. Maybe use fewer shards.");
            return;
        }
        for (TensorSpec input : graph.inputs(stage.segment())) {
            Interval needed = rows.get(input.name());
            Region need = needed == null ? Region.WHOLE : Region.rows(needed);
            Region given = shard.inputs().get(input.name());
            if (given == null || !Regions.contains(input, given, need)) {
                problems.add(where + " needs " + need + " of tensor '" + input.name()
                        + "' for its outputs, but asks for " + (given == null ? "nothing" : given));
            }
        }
    }
}
