package dev.tandem.core.sim;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.PlanScorer;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.EdgeDerivation;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Element-wise layers one after the other, tensors of 1000 bytes and 10 rows, for figures that can be done by hand. */
final class Line {

    private final ModelGraph graph;
    private final CostModel cost;
    private final Codec codec;

    /** @param seconds of each layer on a node of the reference rate */
    Line(List<Double> seconds, Topology topology, RuntimeCosts runtime) {
        this(seconds, topology, runtime, Codec.EXACT);
    }

    /** The same with a codec on all edges. */
    Line(List<Double> seconds, Topology topology, RuntimeCosts runtime, Codec codec) {
        this.graph = graph(seconds.size());
        this.cost = new CostModel(
                graph, new LayerTimes("digest", seconds), GraphFixtures.REFERENCE_RATE, topology, runtime);
        this.codec = codec;
    }

    /** Nodes of the reference rate, links of one kind between them and the gateway. */
    static Topology nodes(double bytesPerSecond, double latencySeconds, String... names) {
        return GraphFixtures.topology(
                List.of(names).stream()
                        .map(name -> GraphFixtures.node(name, 1 << 20, GraphFixtures.REFERENCE_RATE))
                        .toList(),
                bytesPerSecond,
                latencySeconds);
    }

    /** The same, but the cards are so fast that links do not have to wait for each other. */
    static Topology withFastCards(Topology topology) {
        List<Link> links = new ArrayList<>(topology.links());
        topology.links().stream().map(Link::from).distinct().forEach(end -> {
            links.add(new Link(end, "spare", 1e15, 0));
            links.add(new Link("spare", end, 1e15, 0));
        });
        return new Topology(topology.nodes(), links);
    }

    Simulation simulation(int window, Lane... lanes) {
        return new Simulation(cost, "gateway", List.of(lanes), window);
    }

    Simulation simulation(String gatewayNode, Lane... lanes) {
        return new Simulation(cost, gatewayNode, List.of(lanes), 2);
    }

    /** With the window of the runtime. */
    Simulation simulation(Lane lane) {
        return Simulation.of(cost, "gateway", new Plan("m", "digest", "by hand", List.of(lane), score(lane)));
    }

    PlanScore score(Lane... lanes) {
        return score("gateway", lanes);
    }

    PlanScore score(String gatewayNode, Lane... lanes) {
        return new PlanScorer(cost, gatewayNode).score(List.of(lanes));
    }

    /** All layers on one node. */
    Lane single(String node, double weight) {
        return lane(
                weight,
                stage(0, graph.layers().size(), shard(node, 0, graph.layers().size(), 0, 10)));
    }

    /** A layer on each node. */
    Lane chain(String... nodes) {
        List<Stage> stages = new ArrayList<>();
        for (int layer = 0; layer < nodes.length; layer++) {
            stages.add(stage(layer, layer + 1, shard(nodes[layer], layer, layer + 1, 0, 10)));
        }
        return lane(1, stages.toArray(Stage[]::new));
    }

    /** All layers on two nodes, divided at a row. */
    Lane rows(String first, String second, int border) {
        int layers = graph.layers().size();
        return lane(1, stage(0, layers, shard(first, 0, layers, 0, border), shard(second, 0, layers, border, 10)));
    }

    private Lane lane(double weight, Stage... stages) {
        return new Lane(weight, "m", List.of(stages), EdgeDerivation.edges(graph, List.of(stages))).coded(graph, codec);
    }

    private static Stage stage(int from, int to, Shard... shards) {
        return new Stage(new Segment(from, to), List.of(shards));
    }

    private static Shard shard(String node, int from, int to, int firstRow, int endRow) {
        Region region = endRow - firstRow == 10 ? Region.WHOLE : Region.rows(firstRow, endRow);
        return new Shard(new CoreGroupId(node, "cpu"), Map.of("t" + from, region), Map.of("t" + to, region));
    }

    private static ModelGraph graph(int size) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List<Layer> layers = new ArrayList<>();
        tensors.put("t0", tensor("t0"));
        for (int layer = 0; layer < size; layer++) {
            String output = "t" + (layer + 1);
            tensors.put(output, tensor(output));
            layers.add(new Layer(
                    layer, "l" + layer, "Relu", List.of("t" + layer), List.of(output), 1, 7, new Pointwise()));
        }
        return new ModelGraph("m", "digest", List.of(tensor("t0")), List.of(tensor("t" + size)), layers, tensors);
    }

    private static TensorSpec tensor(String name) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, 10, 25));
    }
}
