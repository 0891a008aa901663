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
    /** Also of tensors without rows to divide. */
    private final boolean[] isNeeded;

    private final double[] shares;

    private NeededRows(ModelGraph graph) {
        this.graph = graph;
        index = graph.index();
        needed = new BitSet[index.tensors()];
        isNeeded = new boolean[index.tensors()];
        for (int tensor = 0; tensor < needed.length; tensor++) {
            needed[tensor] = new BitSet();
        }
        graph.outputs().forEach(output -> {
            int tensor = index.number(output.name());
            needed[tensor].set(0, index.divisibleRows(tensor));
            isNeeded[tensor] = true;
        });
        shares = new double[graph.layers().size()];
        for (int layer = shares.length - 1; layer >= 0; layer--) {
            shares[layer] = pullBack(layer, graph.layers().get(layer).along(Axis.ROWS));
        }
    }

    public static NeededRows of(ModelGraph graph) {
        return new NeededRows(graph);
    }

    /**
     * No division of the rows computes less of a layer. 1 for a layer whose outputs have no rows to divide, and 0 for one that
     * is not needed.
     */
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
        int height = geometry instanceof Split split ? split.extent() : height(layer);
        boolean computed = false;
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            computed |= isNeeded[tensor];
            place(tensor, result, geometry, rows);
        }
        if (!computed) {
            return 0;
        }
        boolean whole = height == 0 || geometry instanceof Whole;
        for (int operand = 0; operand < index.reads(layer); operand++) {
            read(index.read(layer, operand), operand, geometry, whole ? all(height) : rows, whole);
        }
        return whole ? 1 : (double) rows.cardinality() / height;
    }

    private int height(int layer) {
        int height = 0;
        for (int result = 0; result < index.writes(layer); result++) {
            height = Math.max(height, index.divisibleRows(index.written(layer, result)));
        }
        return height;
    }

    private static BitSet all(int height) {
        BitSet all = new BitSet();
        all.set(0, Math.max(1, height));
        return all;
    }

    /** Adds where the needed rows of an output are computed; a single row that is split off is one of those it is split from. */
    private void place(int tensor, int result, AxisGeometry geometry, BitSet rows) {
        if (index.divisibleRows(tensor) > 0) {
            needed[tensor].stream().forEach(row -> set(rows, geometry.placed(result, new Interval(row, row + 1))));
        } else if (isNeeded[tensor] && geometry instanceof Split) {
            set(rows, geometry.placed(result, new Interval(0, 1)));
        }
    }

    /** Marks what the computed rows read of an operand. */
    private void read(int tensor, int operand, AxisGeometry geometry, BitSet rows, boolean whole) {
        int height = index.divisibleRows(tensor);
        if (whole) {
            isNeeded[tensor] = true;
            if (height > 0) {
                set(needed[tensor], geometry.inputs(new Interval(0, rows.length()), height));
            }
            return;
        }
        rows.stream().mapToObj(row -> new Interval(row, row + 1)).forEach(row -> {
            isNeeded[tensor] |= geometry.reads(operand, row);
            if (height > 0) {
                set(needed[tensor], geometry.inputs(operand, row, height));
            }
        });
    }

    private static void set(BitSet rows, Interval more) {
        rows.set(more.from(), more.to());
    }
}
