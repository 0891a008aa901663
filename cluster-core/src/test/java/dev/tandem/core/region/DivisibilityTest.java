package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DivisibilityTest {

    private static final AxisGeometry CONV = new AxisGeometry.Window(3, 1, 1, 1, 1);
    private static final AxisGeometry POOL = new AxisGeometry.Whole("averages over all rows");

    @Test
    void cutsRowsAtRoundedCumulativeShares() {
        assertThat(Divisibility.cut(10, List.of(1.0, 2.0, 1.0)))
                .containsExactly(new Interval(0, 3), new Interval(3, 8), new Interval(8, 10));
    }

    @Test
    void givesEveryShardARow() {
        assertThat(Divisibility.cut(3, List.of(1000.0, 1.0, 1.0)))
                .containsExactly(new Interval(0, 1), new Interval(1, 2), new Interval(2, 3));
        assertThat(Divisibility.cut(4, List.of(1.0, 1000.0))).containsExactly(new Interval(0, 1), new Interval(1, 4));
    }

    @Test
    void refusesSharesThatAreNotAboveZeroOrMoreThanRows() {
        assertThatThrownBy(() -> Divisibility.cut(3, List.of(1.0, 0.0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Divisibility.cut(1, List.of(1.0, 1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no more than there are positions (1)");
    }

    @Test
    void namesTheFirstLayerThatNeedsAllRows() {
        ModelGraph graph = convThenPool();

        assertThat(Divisibility.refusal(graph, graph.whole()))
                .contains("layer 'pool' (GlobalAveragePool) averages over all rows");
        assertThat(Divisibility.refusal(graph, new Segment(0, 1))).isEmpty();
        assertThatThrownBy(() -> Divisibility.divide(graph, graph.whole(), List.of(1.0, 1.0)))
                .isInstanceOf(NotDivisibleException.class)
                .hasMessageContaining("averages over all rows");
    }

    @Test
    void endsTheLongestSegmentInFrontOfWhatReadsAllRows() {
        ModelGraph graph = GraphFixtures.squeezed(new Random(1), 1, 32);

        assertThat(Divisibility.refusal(graph, graph.whole())).isEmpty();
        assertThat(Divisibility.longest(graph, 0, 2)).contains(new Segment(0, 2));
        assertThat(Divisibility.longest(graph, 2, 2))
                .contains(new Segment(2, graph.layers().size()));
    }

    @Test
    void findsTheLongestDivisibleSegment() {
        assertThat(Divisibility.longest(convThenPool(), 0, 2)).contains(new Segment(0, 1));
        assertThat(Divisibility.longest(convThenPool(), 1, 2)).isEmpty();
    }

    @Test
    void refusesMoreShardsThanRows() {
        ModelGraph graph = convThenPool();

        assertThat(Divisibility.refusal(graph, new Segment(0, 1), 13).orElseThrow())
                .contains("output 'c'", "has 12 along rows, fewer than 13 shards");
    }

    @Test
    void refusesOutputThatIsNoFeatureMap() {
        TensorSpec flat = new TensorSpec("f", ElementType.FLOAT, List.of(1, 12));
        ModelGraph graph = RandomGraphs.of(
                List.of(new TensorSpec("x", ElementType.FLOAT, List.of(1, 12))),
                List.of(new Layer(0, "relu", "Relu", List.of("x"), List.of("f"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(flat),
                List.of("f"));

        assertThat(Divisibility.refusal(graph, graph.whole()).orElseThrow()).contains("is no feature map");
    }

    @Test
    void refusesToJoinRowsOfAnotherHeight() {
        TensorSpec table = new TensorSpec("table", ElementType.FLOAT, List.of(12, 1));
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 12), table),
                List.of(new Layer(
                        0, "add", "Add", List.of("x", "table"), List.of("y"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(RandomGraphs.map("y", 12)),
                List.of("y"));

        assertThat(Divisibility.refusal(graph, graph.whole()).orElseThrow()).contains("joins 'table' of shape [12, 1]");
    }

    @Test
    void refusesTransposedStrideBeyondItsKernel() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 12)),
                List.of(new Layer(
                        0,
                        "up",
                        "ConvTranspose",
                        List.of("x"),
                        List.of("y"),
                        0,
                        0,
                        new AxisGeometry.TransposedWindow(1, 2, 1, 0))),
                List.of(RandomGraphs.map("y", 23)),
                List.of("y"));

        assertThat(Divisibility.refusal(graph, graph.whole()).orElseThrow())
                .contains("has a stride (2) beyond its kernel (1)");
    }

    @Test
    void refusesShardThatWouldReadOnlyPadding() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 4)),
                List.of(new Layer(0, "pad", "Pad", List.of("x"), List.of("y"), 0, 0, new AxisGeometry.Padding(8, 0))),
                List.of(RandomGraphs.map("y", 12)),
                List.of("y"));

        assertThatThrownBy(() -> Divisibility.divide(graph, graph.whole(), List.of(1.0, 1.0)))
                .isInstanceOf(NotDivisibleException.class)
                .hasMessageContaining("from padding alone: it needs no rows of tensor 'x'");
    }

    @Test
    void refusesShardThatWouldReadOnlyPaddingOfOneOfTheOutputsOfALayer() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 4)),
                List.of(
                        new Layer(
                                0,
                                "split",
                                "Split",
                                List.of("x"),
                                List.of("y", "z"),
                                0,
                                0,
                                new AxisGeometry.Pointwise()),
                        new Layer(1, "pad", "Pad", List.of("y"), List.of("p"), 0, 0, new AxisGeometry.Padding(8, 0))),
                List.of(RandomGraphs.map("y", 4), RandomGraphs.map("z", 4), RandomGraphs.map("p", 12)),
                List.of("z", "p"));

        assertThatThrownBy(() -> Divisibility.divide(graph, graph.whole(), List.of(1.0, 1.0)))
                .isInstanceOf(NotDivisibleException.class)
                .hasMessageContaining("from padding alone: it needs no rows of tensor 'y'");
    }

    @Test
    void computesLayersWithoutRowsInEveryShard() {
        TensorSpec scale = new TensorSpec("scale", ElementType.FLOAT, List.of(1, 8, 1, 1));
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 10), scale),
                List.of(
                        new Layer(0, "fc", "Reshape", List.of("scale"), List.of("s"), 0, 0, POOL),
                        new Layer(
                                1, "mul", "Mul", List.of("x", "s"), List.of("y"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(new TensorSpec("s", ElementType.FLOAT, List.of(1, 8, 1, 1)), RandomGraphs.map("y", 10)),
                List.of("y"));

        List<ShardRegions> shards = Divisibility.divide(graph, graph.whole(), List.of(1.0, 1.0));

        assertThat(shards).allSatisfy(shard -> assertThat(shard.inputs()).containsEntry("scale", Region.WHOLE));
    }

    @Test
    void ownsEveryOutputRowOnceAndKeepsHaloInInputs() {
        Random random = new Random(3);
        int divided = 0;
        for (int round = 0; round < 300; round++) {
            ModelGraph graph = new RandomGraphs(random).next();
            List<Double> shares =
                    List.of(0.1 + random.nextDouble(), 0.1 + random.nextDouble(), 0.1 + random.nextDouble());
            if (Divisibility.refusal(graph, graph.whole(), 3).isPresent()) {
                continue;
            }
            try {
                requireCover(graph, Divisibility.divide(graph, graph.whole(), shares));
                divided++;
            } catch (NotDivisibleException padding) {
                assertThat(padding).hasMessageContaining("padding alone");
            }
        }
        assertThat(divided).isGreaterThan(100);
    }

    private static void requireCover(ModelGraph graph, List<ShardRegions> shards) {
        for (TensorSpec output : graph.outputs()) {
            List<Region> owned = shards.stream()
                    .map(shard -> shard.outputs().get(output.name()))
                    .toList();
            assertThat(RegionExchange.pieces(output, owned, List.of(Region.WHOLE)))
                    .hasSize(shards.size());
        }
        TensorSpec input = graph.inputs().get(0);
        for (ShardRegions shard : shards) {
            assertThat(shard.inputs()).containsOnlyKeys(input.name());
            shard.inputs().values().forEach(region -> assertThat(region.ranges(input))
                    .hasSize(4));
        }
    }

    private static ModelGraph convThenPool() {
        return RandomGraphs.of(
                List.of(RandomGraphs.map("x", 12)),
                List.of(
                        new Layer(0, "conv", "Conv", List.of("x"), List.of("c"), 0, 0, CONV),
                        new Layer(1, "pool", "GlobalAveragePool", List.of("c"), List.of("p"), 0, 0, POOL)),
                List.of(RandomGraphs.map("c", 12), RandomGraphs.map("p", 1)),
                List.of("p"));
    }
}
