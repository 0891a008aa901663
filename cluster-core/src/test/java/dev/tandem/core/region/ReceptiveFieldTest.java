package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceptiveFieldTest {

    @Test
    void agreesWithMarkedDependenciesOnRandomGraphs() {
        int compared = 0;
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = new RandomGraphs(random).next();
            Map<String, Interval> wanted = new HashMap<>();
            graph.outputs().forEach(output -> wanted.put(output.name(), part(output.rows(), random)));

            Map<String, Interval> rows = ReceptiveField.rows(graph, graph.whole(), wanted);

            if (rows.values().stream().anyMatch(Interval::isEmpty)) {
                // Some layer reads padding alone: no shard is made of that, whatever else is read.
                continue;
            }
            compared++;
            requireSame(graph, wanted, rows);
            marked(graph, wanted).forEach((tensor, marks) -> {
                if (Axis.ROWS.divisible(graph.tensor(tensor)) > 0) {
                    assertThat(rows.getOrDefault(tensor, Interval.EMPTY))
                            .as("graph %s: %s", graph.layers(), tensor)
                            .isEqualTo(hull(marks));
                }
            });
        }
        assertThat(compared).isGreaterThan(200);
    }

    /** What the walk from the end says, and that what is needed at all is what there are marks of. */
    private static void requireSame(ModelGraph graph, Map<String, Interval> wanted, Map<String, Interval> rows) {
        AxisSweep sweep = AxisSweep.over(graph, Axis.ROWS, graph.whole(), AxisSweep.of(graph, Axis.ROWS, wanted));
        Map<String, BitSet> marks = marked(graph, wanted);
        for (TensorSpec tensor : graph.tensors().values()) {
            int number = graph.index().number(tensor.name());
            assertThat(sweep.isNeeded(number))
                    .as("graph %s: %s", graph.layers(), tensor)
                    .isEqualTo(!marksOf(marks, tensor.name()).isEmpty());
            if (sweep.first(number) >= 0) {
                int from = sweep.first(number);
                assertThat(rows).containsEntry(tensor.name(), new Interval(from, from + sweep.length(number)));
            }
        }
        assertThat(sweep.readsPaddingAlone()).isFalse();
    }

    @Test
    void doesNotNeedWhatIsJoinedBeyondWhatIsWanted() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 4), RandomGraphs.map("one", 1)),
                List.of(
                        new Layer(0, "copy", "Relu", List.of("one"), List.of("o"), 0, 0, new AxisGeometry.Pointwise()),
                        new Layer(
                                1,
                                "join",
                                "Concat",
                                List.of("x", "o"),
                                List.of("y"),
                                0,
                                0,
                                new AxisGeometry.Join(List.of(
                                        new Piece(0, new Interval(0, 4)),
                                        new Piece(1, new Interval(4, 5)),
                                        new Piece(0, new Interval(5, 9)))))),
                List.of(RandomGraphs.map("o", 1), RandomGraphs.map("y", 9)),
                List.of("y"));

        List<ShardRegions> shards = Divisibility.divide(graph, graph.whole(), List.of(3.0, 3.0, 3.0));

        assertThat(shards.get(0).inputs()).containsOnly(Map.entry("x", Region.rows(0, 3)));
        assertThat(shards.get(1).inputs())
                .containsOnly(Map.entry("x", Region.rows(0, 4)), Map.entry("one", Region.WHOLE));
        assertThat(shards.get(2).inputs()).containsOnly(Map.entry("x", Region.rows(1, 4)));
    }

    @Test
    void computesOfWhatIsSplitOnlyWhatIsRead() {
        AxisGeometry split =
                new AxisGeometry.Split(List.of(new Interval(0, 4), new Interval(4, 5), new Interval(5, 12)));
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 12)),
                List.of(
                        new Layer(0, "split", "Split", List.of("x"), List.of("a", "one", "b"), 0, 0, split),
                        new Layer(1, "copy", "Relu", List.of("one"), List.of("y"), 0, 0, new AxisGeometry.Pointwise()),
                        new Layer(2, "more", "Relu", List.of("b"), List.of("z"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(
                        RandomGraphs.map("a", 4),
                        RandomGraphs.map("one", 1),
                        RandomGraphs.map("b", 7),
                        RandomGraphs.map("y", 1),
                        RandomGraphs.map("z", 7)),
                List.of("y", "z"));

        Map<String, Interval> rows = ReceptiveField.rows(graph, graph.whole(), Map.of("z", new Interval(1, 3)));

        assertThat(rows).containsEntry("x", new Interval(4, 8)).doesNotContainKey("a");
        assertThat(ReceptiveField.rows(graph, new Segment(0, 1), Map.of("b", new Interval(5, 7))))
                .containsEntry("x", new Interval(4, 12));
        assertThat(NeededRows.of(graph).share(0)).isEqualTo(8.0 / 12);
        assertThat(Divisibility.isDivisible(graph, 0)).isTrue();
    }

    @Test
    void readsAndComputesWholeGroups() {
        AxisGeometry groups = new AxisGeometry.Groups(3, 2, 4);

        assertThat(groups.inputs(new Interval(5, 7), 6)).isEqualTo(new Interval(2, 4));
        assertThat(groups.computed(new Interval(5, 7))).isEqualTo(new Interval(5, 7));
        assertThat(groups.inputs(new Interval(3, 5), 6)).isEqualTo(new Interval(0, 4));
        assertThat(groups.computed(new Interval(3, 5))).isEqualTo(new Interval(0, 8));
    }

    @Test
    void showsThatOneReaderOfSeveralReadsPaddingAlone() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 4)),
                List.of(
                        new Layer(0, "copy", "Relu", List.of("x"), List.of("a"), 0, 0, new AxisGeometry.Pointwise()),
                        new Layer(1, "pad", "Pad", List.of("x"), List.of("b"), 0, 0, new AxisGeometry.Padding(8, 0))),
                List.of(RandomGraphs.map("a", 4), RandomGraphs.map("b", 12)),
                List.of("a", "b"));

        Map<String, Interval> rows =
                ReceptiveField.rows(graph, graph.whole(), Map.of("a", new Interval(0, 2), "b", new Interval(0, 6)));

        assertThat(rows).containsEntry("x", Interval.EMPTY);
    }

    @Test
    void takesTheHullWhereATensorForks() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 10)),
                List.of(
                        new Layer(
                                0,
                                "wide",
                                "Conv",
                                List.of("x"),
                                List.of("a"),
                                0,
                                0,
                                new AxisGeometry.Window(5, 1, 1, 2, 2)),
                        new Layer(
                                1, "join", "Add", List.of("a", "x"), List.of("y"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(RandomGraphs.map("a", 10), RandomGraphs.map("y", 10)),
                List.of("y"));

        Map<String, Interval> rows = ReceptiveField.rows(graph, graph.whole(), Map.of("y", new Interval(4, 6)));

        assertThat(rows).containsEntry("a", new Interval(4, 6)).containsEntry("x", new Interval(2, 8));
    }

    @Test
    void leavesOutWhatIsNeededWhole() {
        TensorSpec scale = new TensorSpec("scale", ElementType.FLOAT, List.of(1, 8, 1, 1));
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 10), scale),
                List.of(new Layer(
                        0, "mul", "Mul", List.of("x", "scale"), List.of("y"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(RandomGraphs.map("y", 10)),
                List.of("y"));

        Map<String, Interval> rows = ReceptiveField.rows(graph, graph.whole(), Map.of("y", new Interval(0, 3)));

        assertThat(rows).containsOnly(Map.entry("x", new Interval(0, 3)), Map.entry("y", new Interval(0, 3)));
    }

    @Test
    void wantsUnnamedOutputsWholeAndIgnoresLayersThatNothingReads() {
        ModelGraph graph = RandomGraphs.of(
                List.of(RandomGraphs.map("x", 10)),
                List.of(
                        new Layer(0, "dead", "Relu", List.of("x"), List.of("d"), 0, 0, new AxisGeometry.Pointwise()),
                        new Layer(1, "live", "Relu", List.of("x"), List.of("y"), 0, 0, new AxisGeometry.Pointwise())),
                List.of(RandomGraphs.map("d", 10), RandomGraphs.map("y", 10)),
                List.of("y"));

        assertThat(ReceptiveField.rows(graph, new Segment(0, 2), Map.of()))
                .containsOnly(Map.entry("x", new Interval(0, 10)), Map.entry("y", new Interval(0, 10)));
    }

    private static Interval part(int rows, Random random) {
        int from = random.nextInt(rows);
        return new Interval(from, from + 1 + random.nextInt(rows - from));
    }

    /** Rows by the definition of each operator, filled up to a run at every tensor as a shard must hold them. */
    private static Map<String, BitSet> marked(ModelGraph graph, Map<String, Interval> wanted) {
        Map<String, BitSet> marks = new HashMap<>();
        wanted.forEach((tensor, rows) -> marksOf(marks, tensor).set(rows.from(), rows.to()));
        for (int index = graph.layers().size() - 1; index >= 0; index--) {
            Layer layer = graph.layers().get(index);
            Interval run = hull(computed(marks, layer));
            for (String input : layer.inputs()) {
                boolean isJoined = layer.along(Axis.ROWS) instanceof AxisGeometry.Join;
                if (graph.tensor(input).rows() == 1 && !run.isEmpty() && !isJoined) {
                    // What has no rows to divide is held whole, even where only padding is read.
                    marksOf(marks, input).set(0);
                }
                for (int row = run.from(); row < run.to(); row++) {
                    marksOf(marks, input)
                            .or(read(of(layer, input), row, graph.tensor(input).rows()));
                }
            }
        }
        return marks;
    }

    /** Of what splits its input, the marks of all outputs where they are in that. */
    private static BitSet computed(Map<String, BitSet> marks, Layer layer) {
        if (!(layer.along(Axis.ROWS) instanceof AxisGeometry.Split split)) {
            return marksOf(marks, layer.outputs().get(0));
        }
        BitSet computed = new BitSet();
        for (int result = 0; result < split.pieces().size(); result++) {
            int begin = split.pieces().get(result).from();
            marksOf(marks, layer.outputs().get(result)).stream().forEach(row -> computed.set(begin + row));
        }
        return computed;
    }

    /** Of what joins operands, the places of one: a list with the first output row of each. */
    private static Object of(Layer layer, String input) {
        return layer.along(Axis.ROWS) instanceof AxisGeometry.Join join
                ? join.pieces().stream()
                        .filter(piece -> layer.inputs().get(piece.operand()).equals(input))
                        .map(piece -> piece.outputs().from())
                        .toList()
                : layer.along(Axis.ROWS);
    }

    private static BitSet read(Object geometry, int output, int inputRows) {
        BitSet read = new BitSet();
        for (int input = 0; input < inputRows; input++) {
            boolean isRead = geometry instanceof List<?> places
                    ? places.contains(output - input)
                    : reads((AxisGeometry) geometry, output, input);
            if (isRead) {
                read.set(input);
            }
        }
        return read;
    }

    private static boolean reads(AxisGeometry geometry, int output, int input) {
        if (geometry instanceof AxisGeometry.Window window) {
            int offset = input - (output * window.stride() - window.padBegin());
            // Rows between the taps of a dilated kernel count: the run of rows must hold them.
            return offset >= 0 && offset < window.span();
        }
        if (geometry instanceof AxisGeometry.TransposedWindow window) {
            int offset = output + window.padBegin() - input * window.stride();
            return offset >= 0 && offset < window.kernel();
        }
        if (geometry instanceof AxisGeometry.Groups groups) {
            return output / groups.written() == input / groups.read();
        }
        if (geometry instanceof AxisGeometry.Enlarge enlarge) {
            return output / enlarge.factor() == input;
        }
        if (geometry instanceof AxisGeometry.Padding padding) {
            return output - padding.begin() == input;
        }
        return output == input;
    }

    private static BitSet marksOf(Map<String, BitSet> marks, String tensor) {
        return marks.computeIfAbsent(tensor, name -> new BitSet());
    }

    private static Interval hull(BitSet marks) {
        return marks.isEmpty() ? Interval.EMPTY : new Interval(marks.nextSetBit(0), marks.length());
    }
}
