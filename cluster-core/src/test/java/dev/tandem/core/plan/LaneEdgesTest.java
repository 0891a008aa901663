package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What travels between shards. */
class LaneEdgesTest extends ResidualCase {

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
                graph.inputs().stream().map(LaneEdgesTest::integers).toList(),
                graph.outputs().stream().map(LaneEdgesTest::integers).toList(),
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
}
