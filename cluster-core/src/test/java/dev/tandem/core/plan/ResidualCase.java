package dev.tandem.core.plan;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A residual block of three layers, {@code t2 = t1 + t0}, on two nodes. */
abstract class ResidualCase {

    static final CoreGroupId A = new CoreGroupId("a", "cpu");
    static final CoreGroupId B = new CoreGroupId("b", "cpu");
    static final PlanScore NO_SCORE = new PlanScore(0, 0, List.of(), "");

    final ModelGraph graph = residual("Conv");
    final Topology topology = GraphFixtures.topology(
            List.of(GraphFixtures.node("a", 10_000, 1e9), GraphFixtures.node("b", 10_000, 1e9)), 1e6, 0);

    List<String> problems(List<Stage> stages) {
        return problems(stages, EdgeDerivation.edges(graph, stages));
    }

    List<String> problems(List<Stage> stages, List<Edge> edges) {
        return PlanCheck.problems(plan(graph, stages, edges), graph, topology);
    }

    static Plan plan(ModelGraph graph, List<Stage> stages, List<Edge> edges) {
        return new Plan("m", graph.digest(), "any", List.of(new Lane(1, "m", stages, edges)), NO_SCORE);
    }

    Lane lane(List<Stage> stages) {
        return new Lane(1, "m", stages, EdgeDerivation.edges(graph, stages));
    }

    Stage whole(int from, int to, CoreGroupId place) {
        Segment segment = new Segment(from, to);
        Map<String, Region> inputs = new LinkedHashMap<>();
        graph.inputs(segment).forEach(tensor -> inputs.put(tensor.name(), Region.WHOLE));
        Map<String, Region> outputs = new LinkedHashMap<>();
        graph.outputs(segment).forEach(tensor -> outputs.put(tensor.name(), Region.WHOLE));
        return new Stage(segment, List.of(new Shard(place, inputs, outputs)));
    }

    Stage rows(int from, int to, double shareOfA, double shareOfB) {
        Segment segment = new Segment(from, to);
        List<ShardRegions> regions = Divisibility.divide(graph, segment, List.of(shareOfA, shareOfB));
        return new Stage(
                segment,
                List.of(
                        new Shard(A, regions.get(0).inputs(), regions.get(0).outputs()),
                        new Shard(B, regions.get(1).inputs(), regions.get(1).outputs())));
    }

    static ModelGraph residual(String operator) {
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
