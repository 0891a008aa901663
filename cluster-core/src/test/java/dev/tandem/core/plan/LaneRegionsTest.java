package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the shards of a stage compute and read. */
class LaneRegionsTest extends ResidualCase {

    @Test
    void rejectsOutputsThatAreComputedTwiceOrNotAtAll() {
        Stage divided = rows(0, 3, 1, 1);
        Shard first = divided.shards().get(0);
        Shard last = divided.shards().get(1);
        List<Edge> edges = EdgeDerivation.edges(graph, List.of(divided));
        Shard tooMuch = new Shard(B, last.inputs(), Map.of("t2", Region.rows(3, 8)));
        Shard tooLittle = new Shard(B, last.inputs(), Map.of("t2", Region.rows(5, 8)));

        assertThat(problems(List.of(new Stage(divided.segment(), List.of(first, tooMuch))), edges))
                .anyMatch(
                        problem -> problem.contains("output 't2' exactly once, but computes rows[3,4) more than once"));
        assertThat(problems(List.of(new Stage(divided.segment(), List.of(first, tooLittle))), edges))
                .anyMatch(problem -> problem.contains("only 56 of the 64 elements of whole: rows[4,5) is missing"));
    }

    @Test
    void rejectsAHaloThatIsNotAskedFor() {
        Stage divided = rows(0, 3, 1, 1);
        Shard narrow = new Shard(
                A, Map.of("in", Region.rows(0, 4)), divided.shards().get(0).outputs());
        List<Stage> stages = List.of(
                new Stage(divided.segment(), List.of(narrow, divided.shards().get(1))));

        assertThat(problems(stages))
                .singleElement()
                .asString()
                .contains("shard 0 needs rows[0,6) of tensor 'in'", "asks for rows[0,4)");
    }

    @Test
    void rejectsTensorsThatAreNotTheStages() {
        Shard stray = new Shard(A, Map.of("in", Region.WHOLE, "t1", Region.WHOLE), Map.of("t2", Region.WHOLE));
        Shard unknown = new Shard(A, Map.of("in", Region.rows(0, 9)), Map.of("t9", Region.WHOLE));

        assertThat(problems(List.of(new Stage(new Segment(0, 3), List.of(stray))), List.of()))
                .anyMatch(problem -> problem.contains("input 't1' must be one of the stage's: [in]"));
        assertThat(problems(List.of(new Stage(new Segment(0, 3), List.of(unknown))), List.of()))
                .anyMatch(problem -> problem.contains("no tensor 't9'"))
                .anyMatch(problem -> problem.contains("reaches beyond"));
    }

    @Test
    void rejectsRowsOfALayerThatNeedsAllRows() {
        ModelGraph pooled = pooled();
        Stage divided = divided(
                new Segment(0, 2), Map.of("in", Region.WHOLE), List.of(Region.rows(0, 4), Region.rows(4, 8)), "t1");

        assertThat(problems(pooled, List.of(divided)))
                .singleElement()
                .asString()
                .contains("stage 0 cannot be divided along rows: layer 'l1' (ReduceMean) reads all rows");
    }

    @Test
    void rejectsRegionsAlongAxesThatCannotBeDivided() {
        Stage columns = divided(
                new Segment(0, 3),
                Map.of("in", Region.WHOLE),
                List.of(along(Axis.COLUMNS, 0, 4), along(Axis.COLUMNS, 4, 8)),
                "t2");

        assertThat(problems(List.of(columns)))
                .singleElement()
                .matches(problem -> problem.contains("stage 0 cannot be divided along columns")
                        && problem.contains("is not known"));
    }

    @Test
    void rejectsAShardThatComputesFromPaddingAlone() {
        ModelGraph padded = padded();
        Stage divided = divided(
                new Segment(0, 2), Map.of("in", Region.WHOLE), List.of(Region.rows(0, 12), Region.rows(12, 16)), "t1");

        assertThat(problems(padded, List.of(divided)))
                .singleElement()
                .asString()
                .contains("shard 1 would compute from padding alone", "no rows of tensor 'in'");
    }

    @Test
    void rejectsAShardWithoutOutputs() {
        Stage whole = whole(0, 3, A);
        Shard idle = new Shard(B, whole.shards().get(0).inputs(), Map.of());
        List<Stage> stages =
                List.of(new Stage(whole.segment(), List.of(whole.shards().get(0), idle)));

        assertThat(problems(stages)).singleElement().asString().contains("shard 1 on b/cpu computes no output");
    }

    @Test
    void rejectsAnInputThatIsNotAskedFor() {
        Shard deaf = new Shard(A, Map.of(), Map.of("t2", Region.WHOLE));

        assertThat(problems(List.of(new Stage(new Segment(0, 3), List.of(deaf)))))
                .singleElement()
                .asString()
                .contains("needs whole of tensor 'in'", "asks for nothing");
    }

    private List<String> problems(ModelGraph of, List<Stage> stages) {
        return PlanCheck.problems(plan(of, stages, EdgeDerivation.edges(of, stages)), of, topology);
    }

    private static Region along(Axis axis, int from, int to) {
        return new Region(Map.of(axis, new Interval(from, to)));
    }

    /** A stage whose shards read the same and compute these parts of one output. */
    private static Stage divided(Segment segment, Map<String, Region> inputs, List<Region> parts, String output) {
        List<Shard> shards = new ArrayList<>();
        for (Region part : parts) {
            shards.add(new Shard(shards.isEmpty() ? A : B, inputs, Map.of(output, part)));
        }
        return new Stage(segment, shards);
    }

    /** A mean over all rows that is joined with the rows again. */
    private static ModelGraph pooled() {
        return chain(8, 8, new Window(3, 1, 1, 1, 1), new Whole("reads all rows"));
    }

    /** Eight rows, padded at the end so far that the last ones come from padding. */
    private static ModelGraph padded() {
        return chain(16, 16, new Padding(0, 8), new Window(1, 1, 1, 0, 0));
    }

    private static ModelGraph chain(int firstRows, int lastRows, AxisGeometry first, AxisGeometry last) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        tensors.put("in", new TensorSpec("in", ElementType.FLOAT, List.of(1, 1, 8, 8)));
        tensors.put("t0", new TensorSpec("t0", ElementType.FLOAT, List.of(1, 1, firstRows, 8)));
        tensors.put("t1", new TensorSpec("t1", ElementType.FLOAT, List.of(1, 1, lastRows, 8)));
        List<Layer> layers = List.of(
                new Layer(0, "l0", "Conv", List.of("in"), List.of("t0"), 100, 100, first),
                new Layer(1, "l1", "ReduceMean", List.of("t0"), List.of("t1"), 100, 100, last));
        return new ModelGraph("m", "digest", List.of(tensors.get("in")), List.of(tensors.get("t1")), layers, tensors);
    }
}
