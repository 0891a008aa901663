package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeededRowsTest {

    @Test
    void noDivisionComputesLess() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = seed % 2 == 0
                    ? GraphFixtures.branchy(random, 2 + random.nextInt(8), 32)
                    : GraphFixtures.chain(random, 2 + random.nextInt(8), 64);
            NeededRows needed = NeededRows.of(graph);
            double[] computed = computed(graph, 2 + random.nextInt(3));
            for (int layer = 0; layer < computed.length; layer++) {
                assertThat(needed.share(layer))
                        .as("seed %d, layer %d", seed, layer)
                        .isBetween(0.0, 1.0)
                        .isLessThanOrEqualTo(computed[layer] + 1e-12);
            }
        }
    }

    @Test
    void leavesOutRowsThatAStrideWiderThanItsKernelPassesOver() {
        TensorSpec in = new TensorSpec("in", ElementType.FLOAT, List.of(1, 1, 16, 4));
        TensorSpec wide = new TensorSpec("wide", ElementType.FLOAT, List.of(1, 1, 16, 4));
        TensorSpec out = new TensorSpec("out", ElementType.FLOAT, List.of(1, 1, 8, 2));
        Layer same = new Layer(0, "same", "Conv", List.of("in"), List.of("wide"), 1, 1, new Window(3, 1, 1, 1, 1));
        Layer skip = new Layer(1, "skip", "Conv", List.of("wide"), List.of("out"), 1, 1, new Window(1, 2, 1, 0, 0));
        ModelGraph graph = new ModelGraph(
                "skips",
                "digest",
                List.of(in),
                List.of(out),
                List.of(same, skip),
                Map.of("in", in, "wide", wide, "out", out));

        NeededRows needed = NeededRows.of(graph);
        assertThat(needed.share(0)).isEqualTo(0.5);
        assertThat(needed.share(1)).isEqualTo(1);
        assertThat(computed(graph, 2)[0]).isEqualTo(14.0 / 16);
    }

    @Test
    void countsTheRowsOfInputsThatAreRead() {
        TensorSpec in = new TensorSpec("in", ElementType.FLOAT, List.of(1, 3, 227, 4));
        TensorSpec out = new TensorSpec("out", ElementType.FLOAT, List.of(1, 1, 56, 1));
        TensorSpec unread = new TensorSpec("unread", ElementType.FLOAT, List.of(1, 3, 227, 4));
        Layer patches = new Layer(0, "patches", "Conv", List.of("in"), List.of("out"), 1, 1, new Window(4, 4, 1, 0, 0));
        ModelGraph graph = new ModelGraph(
                "patches",
                "digest",
                List.of(in, unread),
                List.of(out),
                List.of(patches),
                Map.of("in", in, "unread", unread, "out", out));

        assertThat(NeededRows.of(graph).inputBytes()).isEqualTo(224.0 / 227 * in.bytes());
    }

    /** Shares of each layer's rows that equal shards compute, all together; 1 where they cannot be made. */
    private static double[] computed(ModelGraph graph, int shards) {
        Segment whole = graph.whole();
        double[] sums = new double[graph.layers().size()];
        try {
            for (ShardRegions shard : Divisibility.divide(graph, whole, Collections.nCopies(shards, 1.0))) {
                add(graph, sums, shard);
            }
        } catch (NotDivisibleException indivisible) {
            Arrays.fill(sums, 1);
        }
        return sums;
    }

    private static void add(ModelGraph graph, double[] sums, ShardRegions shard) {
        Map<String, Interval> owned = new HashMap<>();
        shard.outputs()
                .forEach((tensor, region) -> owned.put(tensor, region.ranges().get(Axis.ROWS)));
        Map<String, Interval> rows = ReceptiveField.rows(graph, graph.whole(), owned);
        for (Layer layer : graph.layers()) {
            List<String> outputs = layer.outputs();
            Interval part = rows.get(outputs.get(0));
            sums[layer.index()] += part == null
                    ? 1
                    : (double) part.length() / graph.tensor(outputs.get(0)).rows();
        }
    }
}
