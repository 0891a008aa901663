package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A small network on four nodes of rates 1 to 4, and parts to make others of. */
final class DividedCases {

    static final long PLENTY = 1L << 40;

    private DividedCases() {}

    static Plan planned(Scheme scheme, ModelGraph graph, int shards, long memoryBytes) {
        PlanRequest request = request(scheme, graph, topology(memoryBytes), shards);
        Plan plan = ((PlanResult.Planned) new DefaultPlanner().plan(request)).plan();
        assertThat(PlanCheck.problems(plan, graph, request.topology())).isEmpty();
        return plan;
    }

    static PlanRequest request(Scheme scheme, ModelGraph graph, Topology topology, int shards) {
        CostModel cost = GraphFixtures.cost(new Random(1), graph, topology);
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, scheme, shards, shards, "n1");
    }

    static Topology topology(long memoryBytes) {
        return GraphFixtures.topology(
                IntStream.rangeClosed(1, 4)
                        .mapToObj(rate -> GraphFixtures.node("n" + rate, memoryBytes, rate * 1e9))
                        .toList(),
                1e9,
                1e-4);
    }

    /** A convolution and its activation, another one, and a mean of every channel. */
    static ModelGraph network(int batch) {
        AxisGeometry window = new Window(3, 1, 1, 1, 1);
        AxisGeometry mean = new Whole("averages over all");
        List<Layer> layers = List.of(
                layer(0, "Conv", 1000, window, new Dense()),
                layer(1, "Relu", 0, new Pointwise(), new Pointwise()),
                layer(2, "Conv", 1000, window, new Dense()),
                layer(3, "GlobalAveragePool", 0, mean, new Pointwise()));
        List<TensorSpec> tensors = List.of(
                map("t0", batch, 16),
                map("t1", batch, 16),
                map("t2", batch, 16),
                map("t3", batch, 16),
                map("t4", batch, 1));
        return graph(layers, tensors);
    }

    static ModelGraph graph(List<Layer> layers, List<TensorSpec> tensors) {
        return new ModelGraph(
                "net",
                "digest",
                List.of(tensors.get(0)),
                List.of(tensors.get(4)),
                layers,
                tensors.stream().collect(Collectors.toMap(TensorSpec::name, tensor -> tensor)));
    }

    static Layer layer(int index, String operator, long weightBytes, AxisGeometry spatial, AxisGeometry channels) {
        return new Layer(
                index,
                "l" + index,
                operator,
                List.of("t" + index),
                List.of("t" + (index + 1)),
                1000,
                weightBytes * 1000,
                Map.of(
                        Axis.BATCH,
                        new Pointwise(),
                        Axis.CHANNELS,
                        channels,
                        Axis.ROWS,
                        spatial,
                        Axis.COLUMNS,
                        spatial));
    }

    static TensorSpec map(String name, int batch, int extent) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(batch, 8, extent, extent));
    }

    static Region channels(int from, int to) {
        return new Region(Map.of(Axis.CHANNELS, new Interval(from, to)));
    }
}
