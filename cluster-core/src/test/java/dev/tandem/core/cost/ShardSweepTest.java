package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.AxisSweep;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.RandomGraphs;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardSweepTest {

    @Test
    void takesAndReadsWhatTheFormulaAndTheReceptiveFieldSay() {
        int compared = 0;
        for (int seed = 0; seed < 160; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = seed < 60 ? GraphFixtures.branchy(random, 10, 32) : new RandomGraphs(random).next();
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
            Set<String> needed = needed(graph, segment, rows);
            assertThat(sweep.needed().along(Axis.ROWS).readsPaddingAlone())
                    .isEqualTo(rows.values().stream().anyMatch(Interval::isEmpty));
            if (sweep.needed().along(Axis.ROWS).readsPaddingAlone()) {
                break;
            }

            assertThat(sweep.computeSeconds())
                    .as("seed %d, %s", seed, segment)
                    .isCloseTo(seconds(cost, group, segment, rows, needed), within(1e-9));
            assertThat(sweep.readBytes()).isEqualTo(bytes(graph.inputs(segment), rows, needed));
            assertThat(sweep.writtenBytes()).isEqualTo(bytes(graph.outputs(segment), rows, needed));
            graph.inputs(segment).stream()
                    .filter(input -> rows.containsKey(input.name()))
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

    /** The tensors that the shard writes for outside, and what their computation reads. */
    private static Set<String> needed(ModelGraph graph, Segment segment, Map<String, Interval> rows) {
        Set<String> needed = new HashSet<>();
        graph.outputs(segment).forEach(output -> needed.add(output.name()));
        for (int index = segment.to() - 1; index >= segment.from(); index--) {
            Layer layer = graph.layers().get(index);
            if (layer.outputs().stream().anyMatch(needed::contains)) {
                AxisGeometry geometry = layer.along(Axis.ROWS);
                Interval computed = rows.getOrDefault(layer.outputs().get(0), new Interval(0, 1));
                for (int operand = 0; operand < layer.inputs().size(); operand++) {
                    if (geometry instanceof AxisGeometry.Split || geometry.reads(operand, computed)) {
                        needed.add(layer.inputs().get(operand));
                    }
                }
            }
        }
        return needed;
    }

    private static double seconds(
            CostModel cost, CoreGroup group, Segment segment, Map<String, Interval> rows, Set<String> needed) {
        ModelGraph graph = cost.graph();
        SegmentTimes times = cost.times(group);
        double seconds = times.callSeconds();
        for (Layer layer : graph.layers(segment)) {
            if (layer.outputs().stream().anyMatch(needed::contains)) {
                seconds += times.shareSeconds(layer.index(), share(graph, layer, rows, needed));
            }
        }
        return seconds
                + times.beginSeconds(segment.from()) * held(graph.inputs(segment), rows, needed)
                + times.endSeconds(segment.to()) * held(graph.outputs(segment), rows, needed);
    }

    private static double share(ModelGraph graph, Layer layer, Map<String, Interval> rows, Set<String> needed) {
        double all = 0;
        double computed = 0;
        for (String output : layer.outputs()) {
            int height = graph.tensor(output).rows();
            Interval range = rows.getOrDefault(output, new Interval(0, 1));
            all += height;
            computed += needed.contains(output)
                    ? Math.min(height, layer.along(Axis.ROWS).computed(range).length())
                    : 0;
        }
        return computed / all;
    }

    private static double held(List<TensorSpec> tensors, Map<String, Interval> rows, Set<String> needed) {
        long all = tensors.stream().mapToLong(TensorSpec::bytes).sum();
        return all == 0 ? 0 : (double) bytes(tensors, rows, needed) / all;
    }

    private static long bytes(List<TensorSpec> tensors, Map<String, Interval> rows, Set<String> needed) {
        return tensors.stream()
                .filter(tensor -> needed.contains(tensor.name()))
                .mapToLong(tensor -> tensor.bytes()
                        / tensor.rows()
                        * rows.getOrDefault(tensor.name(), new Interval(0, tensor.rows()))
                                .length())
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
