package dev.tandem.core.region;

import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rows of every tensor of a segment are needed to compute given rows of what it writes.
 *
 * <p>The segment is walked backwards; where several layers read a tensor, the hull of their needs counts, because a
 * shard holds one run of rows of each tensor.
 */
public final class ReceptiveField {

    private final ModelGraph graph;
    private final GraphIndex index;
    private final Segment segment;
    /** Needed rows by tensor, where they are known. */
    private final int[] from;

    private final int[] to;
    private final boolean[] known;
    /** Tensors that are read, or written for outside; a layer that writes none of them is not computed. */
    private final boolean[] needed;

    private ReceptiveField(ModelGraph graph, Segment segment) {
        this.graph = graph;
        this.index = graph.index();
        this.segment = segment;
        this.from = new int[index.tensors()];
        this.to = new int[index.tensors()];
        this.known = new boolean[index.tensors()];
        this.needed = new boolean[index.tensors()];
    }

    /**
     * Rows of every divisible tensor that the segment reads or writes, its inputs included.
     *
     * @param outputRows wanted rows of the segment's output tensors; one that is not named is wanted whole
     * @return rows by tensor, empty where only padding is read. Tensors that are not there are needed whole, or not at
     *     all: those that have no rows to divide (no feature map, or of height 1), and those that nothing reads
     */
    public static Map<String, Interval> rows(ModelGraph graph, Segment segment, Map<String, Interval> outputRows) {
        ReceptiveField field = new ReceptiveField(graph, segment);
        outputRows.forEach((tensor, rows) -> field.put(field.index.number(tensor), rows));
        field.walk();
        return field.rows();
    }

    /** Whether a tensor has rows to divide: a feature map of more than one row. */
    public static boolean isDivisible(TensorSpec tensor) {
        return tensor.isFeatureMap() && tensor.rows() > 1;
    }

    private void walk() {
        for (TensorSpec output : graph.outputs(segment)) {
            int tensor = index.number(output.name());
            needed[tensor] = true;
            if (isDivisible(output) && !known[tensor]) {
                put(tensor, new Interval(0, output.rows()));
            }
        }
        for (int layer = segment.to() - 1; layer >= segment.from(); layer--) {
            if (isComputed(layer)) {
                pullBack(layer);
            }
        }
    }

    private Map<String, Interval> rows() {
        Map<String, Interval> rows = new HashMap<>();
        for (int tensor = 0; tensor < known.length; tensor++) {
            if (known[tensor]) {
                rows.put(index.tensor(tensor).name(), get(tensor));
            }
        }
        return Collections.unmodifiableMap(rows);
    }

    private boolean isComputed(int layer) {
        for (int result = 0; result < index.writes(layer); result++) {
            if (needed[index.written(layer, result)]) {
                return true;
            }
        }
        return false;
    }

    private void pullBack(int layer) {
        RowGeometry geometry = graph.layers().get(layer).geometry();
        Interval computed = computedRows(layer, geometry);
        for (int operand = 0; operand < index.reads(layer); operand++) {
            int tensor = index.read(layer, operand);
            int height = index.divisibleRows(tensor);
            needed[tensor] = true;
            if (height > 0) {
                Interval rows = geometry.inputRows(computed, height);
                put(tensor, known[tensor] ? get(tensor).hull(rows) : rows);
            }
        }
    }

    /** All outputs of a layer are computed over the same rows. */
    private Interval computedRows(int layer, RowGeometry geometry) {
        boolean divisible = false;
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            if (index.divisibleRows(tensor) > 0) {
                divisible = true;
                wanted = known[tensor] ? wanted.hull(get(tensor)) : wanted;
            }
        }
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            int height = index.divisibleRows(tensor);
            if (height > 0) {
                put(tensor, geometry instanceof WholeRows ? new Interval(0, height) : wanted);
            }
        }
        return divisible ? wanted : new Interval(0, 1);
    }

    private Interval get(int tensor) {
        return new Interval(from[tensor], to[tensor]);
    }

    private void put(int tensor, Interval rows) {
        from[tensor] = rows.from();
        to[tensor] = rows.to();
        known[tensor] = true;
    }
}
