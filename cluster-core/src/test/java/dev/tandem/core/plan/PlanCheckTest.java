package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A residual block of three layers, {@code t2 = t1 + t0}, on two nodes. */
class PlanCheckTest {

    private static final CoreGroupId A = new CoreGroupId("a", "cpu");
    private static final CoreGroupId B = new CoreGroupId("b", "cpu");
    private static final PlanScore NO_SCORE = new PlanScore(0, 0, List.of(), "");

    private final ModelGraph graph = residual("Conv");
    private final Topology topology = GraphFixtures.topology(
            List.of(GraphFixtures.node("a", 10_000, 1e9), GraphFixtures.node("b", 10_000, 1e9)), 1e6, 0);

    @Test
    void acceptsEveryPlaceToCutAndRowDivision() {
        assertThat(problems(List.of(whole(0, 3, A)))).isEmpty();
        assertThat(problems(List.of(whole(0, 1, A), whole(1, 3, B)))).isEmpty();
        assertThat(problems(List.of(whole(0, 1, A), whole(1, 2, B), whole(2, 3, A))))
                .isEmpty();
        assertThat(problems(List.of(rows(0, 1, 1, 1), whole(1, 2, A), rows(2, 3, 3, 1))))
                .isEmpty();
    }

    @Test
    void rejectsAPlanForAnotherModel() {
        Plan other = new Plan("other", "other-digest", "single", List.of(lane(List.of(whole(0, 3, A)))), NO_SCORE);

        assertThat(PlanCheck.problems(other, graph, topology))
                .singleElement()
                .asString()
                .contains("other-digest");
    }

    @Test
    void rejectsLayersThatAreLeftOutOrComputedTwice() {
        assertThat(problems(List.of(whole(0, 1, A)), List.of()))
                .singleElement()
                .asString()
                .contains("ends before layer 1");
        assertThat(problems(List.of(whole(1, 3, A)), List.of()))
                .singleElement()
                .asString()
                .contains("begins at layer 1, but must begin at layer 0");
        assertThat(problems(List.of(whole(0, 2, A), whole(1, 3, B)), List.of()))
                .singleElement()
                .asString()
                .contains("stage 1 begins at layer 1, but must begin at layer 2");
    }

    @Test
    void rejectsCutsThatAreNotAllowed() {
        ModelGraph quantised = residual("DequantizeLinear");
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));

        assertThat(PlanCheck.problems(
                        plan(quantised, stages, EdgeDerivation.edges(graph, stages)), quantised, topology))
                .singleElement()
                .asString()
                .contains("must not be cut", "Only integer tensors");
    }

    @Test
    void rejectsUnknownCoreGroups() {
        assertThat(problems(List.of(whole(0, 3, new CoreGroupId("c", "gpu")))))
                .singleElement()
                .asString()
                .contains("core group c/gpu, which the topology lacks", "[a/cpu, b/cpu]");
    }

    @Test
    void takesSeveralShardsOfAStageOnOneCoreGroup() {
        Stage divided = rows(0, 3, 1, 1);
        List<Shard> same = divided.shards().stream()
                .map(shard -> new Shard(A, shard.inputs(), shard.outputs()))
                .toList();

        assertThat(problems(List.of(new Stage(divided.segment(), same)))).isEmpty();
    }

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
    void rejectsPiecesThatAreMissingOrSentTwice() {
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));
        List<Edge> edges = EdgeDerivation.edges(graph, stages);
        List<Edge> doubled = new ArrayList<>(edges);
        doubled.add(edges.get(1));

        for (int missing = 0; missing < edges.size(); missing++) {
            List<Edge> fewer = new ArrayList<>(edges);
            fewer.remove(missing);
            assertThat(problems(stages, fewer)).singleElement().asString().contains("but gets only 0 of the 64");
        }
        assertThat(problems(stages, doubled)).singleElement().asString().contains("more than once");
    }

    @Test
    void rejectsEdgesThatCannotBe() {
        Endpoint first = new Endpoint(0, 0);
        Endpoint second = new Endpoint(1, 0);

        assertThat(withEdge("t0", first, new Endpoint(2, 0))).contains("both ends must be shards");
        assertThat(withEdge("t0", second, first)).contains("must be in an earlier stage");
        assertThat(withEdge("t1", first, second)).contains("does not need this tensor");
        assertThat(withEdge("t0", Endpoint.GATEWAY, second)).contains("does not have this region");
        assertThat(withEdge("t2", first, Endpoint.GATEWAY)).contains("does not have this region");
        assertThat(withEdge("t9", first, second)).contains("no tensor 't9'");
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

    @Test
    void rejectsEdgesBetweenNodesThatAreNotLinked() {
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));
        Topology oneWay = new Topology(
                topology.nodes(),
                topology.links().stream()
                        .filter(link -> !(link.from().equals("a") && link.to().equals("b")))
                        .toList());

        assertThat(PlanCheck.problems(plan(graph, stages, EdgeDerivation.edges(graph, stages)), graph, oneWay))
                .singleElement()
                .asString()
                .contains("'t0'", "from 0.0 to 1.0", "no link from node a to node b");
    }

    @Test
    void saysHowMuchMemoryIsMissingWhere() {
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));
        ShardScore hungry = new ShardScore(0, new Endpoint(1, 0), 0, 12_345, 0);
        Plan plan =
                new Plan("m", "digest", "pipeline", List.of(lane(stages)), new PlanScore(0, 0, List.of(hungry), ""));

        assertThat(PlanCheck.problems(plan, graph, topology))
                .singleElement()
                .asString()
                .contains("node b has 10000 bytes", "need 12345: 2345 bytes are missing");
    }

    @Test
    void countsWeightsAndBuffersWhereNothingIsPredicted() {
        Topology small = GraphFixtures.topology(List.of(GraphFixtures.node("a", 600, 1e9)), 1e6, 0);
        List<Stage> stages = List.of(whole(0, 3, A));

        // 300 bytes of weights, 256 of input and 256 of output.
        assertThat(PlanCheck.problems(plan(graph, stages, EdgeDerivation.edges(graph, stages)), graph, small))
                .singleElement()
                .asString()
                .contains("need 812: 212 bytes are missing");
    }

    @Test
    void rejectsWeightsThatAreNotFinite() {
        Lane lane = lane(List.of(whole(0, 3, A)));
        Lane heavy = new Lane(Double.POSITIVE_INFINITY, "m", lane.stages(), lane.edges());

        assertThat(PlanCheck.problems(new Plan("m", "digest", "single", List.of(heavy), NO_SCORE), graph, topology))
                .singleElement()
                .asString()
                .contains("weight (Infinity) of lane 0");
    }

    @Test
    void rejectsCodecsWhereTheyCannotBe() {
        List<Stage> apart = List.of(whole(0, 1, A), whole(1, 3, B));
        List<Stage> together = List.of(whole(0, 1, A), whole(1, 3, A));

        assertThat(coded(apart, graph, Codec.INT8)).isEmpty();
        assertThat(coded(together, graph, Codec.LZ4)).isNotEmpty().allSatisfy(problem -> assertThat(problem)
                .contains("from 0.0 to 1.0: codec lz4 must be exact: both ends are on one node"));
        assertThat(coded(apart, ofIntegers(graph), Codec.LZ4)).isEmpty();
        assertThat(coded(apart, ofIntegers(graph), Codec.INT8_LZ4).get(0))
                .contains("codec int8-lz4 is for FLOAT, but the tensor is INT8. Maybe use lz4.");
    }

    private List<String> coded(List<Stage> stages, ModelGraph model, Codec codec) {
        List<Edge> edges = EdgeDerivation.edges(model, stages).stream()
                .map(edge -> edge.coded(codec))
                .toList();
        return PlanCheck.problems(plan(model, stages, edges), model, topology).stream()
                .filter(problem -> problem.contains("codec"))
                .toList();
    }

    private static ModelGraph ofIntegers(ModelGraph graph) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        graph.tensors().forEach((name, spec) -> tensors.put(name, integers(spec)));
        return new ModelGraph(
                graph.name(),
                graph.digest(),
                graph.inputs().stream().map(PlanCheckTest::integers).toList(),
                graph.outputs().stream().map(PlanCheckTest::integers).toList(),
                graph.layers(),
                tensors);
    }

    private static TensorSpec integers(TensorSpec spec) {
        return new TensorSpec(spec.name(), ElementType.INT8, spec.shape());
    }

    private String withEdge(String tensor, Endpoint producer, Endpoint consumer) {
        List<Stage> stages = List.of(whole(0, 1, A), whole(1, 3, B));
        List<Edge> edges = new ArrayList<>(EdgeDerivation.edges(graph, stages));
        edges.add(new Edge(tensor, producer, consumer, Region.WHOLE, Codec.EXACT));
        List<String> problems = problems(stages, edges);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private List<String> problems(List<Stage> stages) {
        return problems(stages, EdgeDerivation.edges(graph, stages));
    }

    private List<String> problems(List<Stage> stages, List<Edge> edges) {
        return PlanCheck.problems(plan(graph, stages, edges), graph, topology);
    }

    private static Plan plan(ModelGraph graph, List<Stage> stages, List<Edge> edges) {
        return new Plan("m", graph.digest(), "any", List.of(new Lane(1, "m", stages, edges)), NO_SCORE);
    }

    private Lane lane(List<Stage> stages) {
        return new Lane(1, "m", stages, EdgeDerivation.edges(graph, stages));
    }

    private Stage whole(int from, int to, CoreGroupId place) {
        Segment segment = new Segment(from, to);
        Map<String, Region> inputs = new LinkedHashMap<>();
        graph.inputs(segment).forEach(tensor -> inputs.put(tensor.name(), Region.WHOLE));
        Map<String, Region> outputs = new LinkedHashMap<>();
        graph.outputs(segment).forEach(tensor -> outputs.put(tensor.name(), Region.WHOLE));
        return new Stage(segment, List.of(new Shard(place, inputs, outputs)));
    }

    private Stage rows(int from, int to, double shareOfA, double shareOfB) {
        Segment segment = new Segment(from, to);
        List<ShardRegions> regions = Divisibility.divide(graph, segment, List.of(shareOfA, shareOfB));
        return new Stage(
                segment,
                List.of(
                        new Shard(A, regions.get(0).inputs(), regions.get(0).outputs()),
                        new Shard(B, regions.get(1).inputs(), regions.get(1).outputs())));
    }

    private static List<String> problems(ModelGraph graph, List<Stage> stages) {
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", 10_000, 1e9), GraphFixtures.node("b", 10_000, 1e9)), 1e6, 0);
        return PlanCheck.problems(plan(graph, stages, EdgeDerivation.edges(graph, stages)), graph, topology);
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

    private static ModelGraph residual(String operator) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        for (String name : List.of("in", "t0", "t1", "t2")) {
            tensors.put(name, new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, 8, 8)));
        }
        Window window = new Window(3, 1, 1, 1, 1);
        List<Layer> layers = List.of(
                new Layer(0, "l0", operator, List.of("in"), List.of("t0"), 100, 100, window),
                new Layer(1, "l1", operator, List.of("t0"), List.of("t1"), 100, 100, window),
                new Layer(2, "l2", "Add", List.of("t1", "t0"), List.of("t2"), 100, 100, new Pointwise()));
        return new ModelGraph("m", "digest", List.of(tensors.get("in")), List.of(tensors.get("t2")), layers, tensors);
    }
}
