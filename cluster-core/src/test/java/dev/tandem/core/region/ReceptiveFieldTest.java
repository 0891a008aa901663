package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry;
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
            marked(graph, wanted).forEach((tensor, marks) -> {
                if (Axis.ROWS.divisible(graph.tensor(tensor)) > 0) {
                    assertThat(rows.get(tensor))
                            .as("graph %s: %s", graph.layers(), tensor)
                            .isEqualTo(hull(marks));
                }
            });
        }
        assertThat(compared).isGreaterThan(200);
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
            BitSet outputs = marksOf(marks, layer.outputs().get(0));
            Interval run = hull(outputs);
            for (String input : layer.inputs()) {
                if (graph.tensor(input).rows() == 1) {
                    // What has no rows to divide is held whole, even where only padding is read.
                    marksOf(marks, input).set(0);
                }
                for (int row = run.from(); row < run.to(); row++) {
                    marksOf(marks, input)
                            .or(read(
                                    layer.along(Axis.ROWS),
                                    row,
                                    graph.tensor(input).rows()));
                }
            }
        }
        return marks;
    }

    private static BitSet read(AxisGeometry geometry, int output, int inputRows) {
        BitSet read = new BitSet();
        for (int input = 0; input < inputRows; input++) {
            if (reads(geometry, output, input)) {
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
