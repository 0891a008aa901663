package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.AxisSweep;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardSweepTest {

    @Test
    void takesAndReadsWhatTheCostModelAndTheReceptiveFieldSay() {
        int compared = 0;
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.branchy(random, 10, 32);
            CostModel cost = cost(random, graph);
            List<Double> shares = List.of(random.nextDouble() + 0.1, random.nextDouble() + 0.1);
            for (int end = 1; end <= graph.layers().size(); end++) {
                for (int shard = 0; shard < shares.size(); shard++) {
                    compared += compare(seed, cost, shares, end, shard);
                }
            }
        }
        assertThat(compared).isGreaterThan(1_000);
    }

    private static int compare(int seed, CostModel cost, List<Double> shares, int end, int shard) {
        ModelGraph graph = cost.graph();
        CoreGroup group = cost.topology().coreGroups().get(shard);
        ShardSweep sweep =
                cost.sweep(group, end, tensor -> Divisibility.cut(graph.index().divisibleRows(tensor), shares)
                        .get(shard));
        int compared = 0;
        for (int from = end - 1; from >= 0; from--) {
            Segment segment = new Segment(from, end);
            if (graph.outputs(segment).stream()
                    .anyMatch(output -> !output.isFeatureMap() || output.rows() < shares.size())) {
                break;
            }
            sweep.back();
            Map<String, Interval> owned = new HashMap<>();
            graph.outputs(segment)
                    .forEach(output -> owned.put(
                            output.name(),
                            Divisibility.cut(output.rows(), shares).get(shard)));
            Map<String, Interval> rows = ReceptiveField.rows(graph, segment, owned);

            assertThat(sweep.computeSeconds())
                    .as("seed %d, %s", seed, segment)
                    .isCloseTo(cost.computeSeconds(group, segment, rows), within(1e-12));
            assertThat(sweep.needed().along(Axis.ROWS).readsPaddingAlone())
                    .isEqualTo(rows.values().stream().anyMatch(Interval::isEmpty));
            assertThat(sweep.readBytes()).isEqualTo(bytes(graph.inputs(segment), rows));
            assertThat(sweep.writtenBytes()).isEqualTo(bytes(graph.outputs(segment), rows));
            graph.inputs(segment)
                    .forEach(input -> assertThat(rows(sweep.needed().along(Axis.ROWS), graph, input))
                            .isEqualTo(rows.get(input.name())));
            compared++;
        }
        return compared;
    }

    private static Interval rows(AxisSweep sweep, ModelGraph graph, TensorSpec tensor) {
        int number = graph.index().number(tensor.name());
        return new Interval(sweep.first(number), sweep.first(number) + sweep.length(number));
    }

    private static long bytes(List<TensorSpec> tensors, Map<String, Interval> rows) {
        return tensors.stream()
                .mapToLong(tensor -> tensor.bytes()
                        / tensor.rows()
                        * rows.getOrDefault(tensor.name(), Interval.EMPTY).length())
                .sum();
    }

    private static CostModel cost(Random random, ModelGraph graph) {
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", 1L << 40, 1e9), GraphFixtures.node("b", 1L << 40, 2e9)), 1e6, 0.001);
        SegmentCosts costs = new SegmentCosts(
                random.nextDouble(),
                random.nextDouble() * 1e-5,
                random.nextDouble() * 1e-4,
                random.nextDouble() * 0.01);
        Profile profile = new Profile(
                GraphFixtures.times(random, graph),
                graph.layers().stream().map(layer -> layer.index() / 2).toList(),
                costs);
        return new CostModel(
                graph,
                profile,
                1e9,
                Map.of(),
                topology,
                GraphFixtures.cost(random, graph, topology).runtime());
    }
}
