package dev.tandem.core.planner.baseline;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Small instances whose answers follow by hand: layers of whole seconds on a rate of 1e9, tensors of 1 channel and 1
 * column, so that a row is four bytes, and a runtime that costs nothing.
 */
final class Instances {

    static final long PLENTY = 1L << 40;

    private final List<Layer> layers = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();
    private final Map<String, TensorSpec> tensors = new LinkedHashMap<>();
    private TensorSpec newest;

    private Instances(int rows) {
        newest = map("in", rows);
        tensors.put("in", newest);
    }

    static Instances input(int rows) {
        return new Instances(rows);
    }

    /** A 3-row convolution that keeps the height. */
    Instances convolution(double layerSeconds) {
        return add("Conv", map("t" + layers.size(), newest.rows()), new Window(3, 1, 1, 1, 1), 100, layerSeconds);
    }

    /** An element-wise layer. */
    Instances relu(double layerSeconds) {
        return add("Relu", map("t" + layers.size(), newest.rows()), new Pointwise(), 0, layerSeconds);
    }

    /** Halves the height. */
    Instances pooling(double layerSeconds) {
        return add("MaxPool", map("t" + layers.size(), newest.rows() / 2), new Window(2, 2, 1, 0, 0), 0, layerSeconds);
    }

    /** Reads all rows and writes so many numbers. */
    Instances dense(int numbers, double layerSeconds) {
        TensorSpec output = new TensorSpec("t" + layers.size(), ElementType.FLOAT, List.of(1, numbers));
        return add("Gemm", output, new Whole("has no rows"), 100, layerSeconds);
    }

    ModelGraph graph() {
        String last = "t" + (layers.size() - 1);
        return new ModelGraph(
                "hand", "hand-made", List.of(tensors.get("in")), List.of(tensors.get(last)), layers, tensors);
    }

    /** The request with links of one kind between all nodes and to the gateway. */
    PlanRequest request(Topology topology, Objective objective, String gateway) {
        ModelGraph graph = graph();
        CostModel cost = new CostModel(
                graph,
                new LayerTimes(graph.digest(), seconds),
                GraphFixtures.REFERENCE_RATE,
                topology,
                RuntimeCosts.NONE);
        int nodes = topology.nodes().size();
        return new PlanRequest(graph, topology, cost, objective, Scheme.AUTO, nodes, nodes, gateway);
    }

    static Plan plan(Planner planner, PlanRequest request) {
        return ((Planned) planner.plan(request)).plan();
    }

    /** The stages of each lane in words: layers, then place and rows of each shard, as in {@code 0-1 a/cpu b/cpu}. */
    static List<String> words(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .map(Instances::words)
                .toList();
    }

    private static String words(Stage stage) {
        return stage.segment().from() + "-" + (stage.segment().to() - 1) + " "
                + stage.shards().stream().map(Instances::words).collect(Collectors.joining(" "));
    }

    private static String words(Shard shard) {
        Interval rows = shard.outputs().values().iterator().next().ranges().get(Axis.ROWS);
        return shard.place().node() + "/" + shard.place().group() + (rows == null ? "" : rows);
    }

    private Instances add(
            String operator, TensorSpec output, AxisGeometry geometry, long weightBytes, double layerSeconds) {
        layers.add(new Layer(
                layers.size(),
                operator + layers.size(),
                operator,
                List.of(newest.name()),
                List.of(output.name()),
                1,
                weightBytes,
                geometry));
        seconds.add(layerSeconds);
        tensors.put(output.name(), output);
        newest = output;
        return this;
    }

    private static TensorSpec map(String name, int rows) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, rows, 1));
    }
}
