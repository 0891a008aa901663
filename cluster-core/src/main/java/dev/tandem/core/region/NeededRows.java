package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import java.util.BitSet;

/**
 * Which share of the rows of every layer and model input is needed for the model's outputs. It is less than all where a stride is wider than
 * its kernel: shards whose border is there compute fewer rows together than the undivided model does.
 */
public final class NeededRows {

    private final ModelGraph graph;
    private final GraphIndex index;
    private final BitSet[] needed;
    private final double[] shares;

    private NeededRows(ModelGraph graph) {
        this.graph = graph;
        index = graph.index();
        needed = new BitSet[index.tensors()];
        for (int tensor = 0; tensor < needed.length; tensor++) {
            needed[tensor] = new BitSet();
        }
        graph.outputs().forEach(output -> {
            int tensor = index.number(output.name());
            needed[tensor].set(0, index.divisibleRows(tensor));
        });
        shares = new double[graph.layers().size()];
        for (int layer = shares.length - 1; layer >= 0; layer--) {
            shares[layer] = pullBack(layer, graph.layers().get(layer).along(Axis.ROWS));
        }
    }

    public static NeededRows of(ModelGraph graph) {
        return new NeededRows(graph);
    }

    /** No division of the rows computes less of a layer. 1 for a layer whose outputs have no rows to divide. */
    public double share(int layer) {
        return shares[layer];
    }

    /** Bytes of the model's inputs that any division reads at the least. */
    public double inputBytes() {
        return graph.inputs(graph.whole()).stream()
                .mapToDouble(input -> input.bytes() * inputShare(index.number(input.name())))
                .sum();
    }

    private double inputShare(int tensor) {
        int height = index.divisibleRows(tensor);
        return height == 0 ? 1 : (double) needed[tensor].cardinality() / height;
    }

    private double pullBack(int layer, AxisGeometry geometry) {
        BitSet rows = new BitSet();
        int height = 0;
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            height = Math.max(height, index.divisibleRows(tensor));
            int place = result;
            needed[tensor].stream().forEach(row -> set(rows, geometry.placed(place, new Interval(row, row + 1))));
        }
        if (geometry instanceof Split split) {
            height = split.extent();
        }
        boolean whole = height == 0 || geometry instanceof Whole;
        for (int operand = 0; operand < index.reads(layer); operand++) {
            int tensor = index.read(layer, operand);
            int inputHeight = index.divisibleRows(tensor);
            if (inputHeight > 0 && whole) {
                set(needed[tensor], geometry.inputs(new Interval(0, Math.max(1, height)), inputHeight));
            } else if (inputHeight > 0) {
                int read = operand;
                rows.stream()
                        .forEach(row ->
                                set(needed[tensor], geometry.inputs(read, new Interval(row, row + 1), inputHeight)));
            }
        }
        return whole ? 1 : (double) rows.cardinality() / height;
    }

    private static void set(BitSet rows, Interval more) {
        rows.set(more.from(), more.to());
    }
}
