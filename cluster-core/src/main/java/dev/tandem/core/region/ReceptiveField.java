package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Which range of every tensor of a segment is needed, along an axis, to compute given ranges of what it writes.
 *
 * <p>The segment is walked backwards; where several layers read a tensor, the hull of their needs counts, because a
 * shard holds one range of each tensor. Axes do not know of each other: a region's needs are those along each.
 */
public final class ReceptiveField {

    private final ModelGraph graph;
    private final Axis axis;
    private final GraphIndex index;
    private final Segment segment;
    /** Needed ranges by tensor, where they are known. */
    private final int[] from;

    private final int[] to;
    private final boolean[] known;
    /** Tensors that are read, or written for outside; a layer that writes none of them is not computed. */
    private final boolean[] needed;

    private ReceptiveField(ModelGraph graph, Axis axis, Segment segment) {
        this.graph = graph;
        this.axis = axis;
        this.index = graph.index();
        this.segment = segment;
        this.from = new int[index.tensors()];
        this.to = new int[index.tensors()];
        this.known = new boolean[index.tensors()];
        this.needed = new boolean[index.tensors()];
    }

    /**
     * The range of every divisible tensor that the segment reads or writes, its inputs included.
     *
     * @param outputs wanted ranges of the segment's output tensors; one that is not named is wanted whole
     * @return ranges by tensor, empty where any layer reads padding only. Tensors that are not there are needed whole, or not at
     *     all: those that have nothing to divide along the axis, and those that nothing reads of what is computed
     */
    public static Map<String, Interval> along(
            Axis axis, ModelGraph graph, Segment segment, Map<String, Interval> outputs) {
        ReceptiveField field = new ReceptiveField(graph, axis, segment);
        outputs.forEach((tensor, range) -> field.put(field.index.number(tensor), range));
        field.walk();
        return field.ranges();
    }

    /** {@link #along} rows. */
    public static Map<String, Interval> rows(ModelGraph graph, Segment segment, Map<String, Interval> outputs) {
        return along(Axis.ROWS, graph, segment, outputs);
    }

    private void walk() {
        for (TensorSpec output : graph.outputs(segment)) {
            int tensor = index.number(output.name());
            needed[tensor] = true;
            int extent = index.divisible(axis, tensor);
            if (extent > 0 && !known[tensor]) {
                put(tensor, new Interval(0, extent));
            }
        }
        for (int layer = segment.to() - 1; layer >= segment.from(); layer--) {
            if (isComputed(layer)) {
                pullBack(layer);
            }
        }
    }

    private Map<String, Interval> ranges() {
        Map<String, Interval> ranges = new HashMap<>();
        for (int tensor = 0; tensor < known.length; tensor++) {
            if (known[tensor]) {
                ranges.put(index.tensor(tensor).name(), get(tensor));
            }
        }
        return Collections.unmodifiableMap(ranges);
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
        AxisGeometry geometry = graph.layers().get(layer).along(axis);
        Interval computed = geometry instanceof Split split ? computedApart(layer, split) : computed(layer, geometry);
        for (int operand = 0; operand < index.reads(layer); operand++) {
            if (geometry.reads(operand, computed)) {
                int tensor = index.read(layer, operand);
                int extent = index.divisible(axis, tensor);
                needed[tensor] = true;
                if (extent > 0) {
                    Interval range = geometry.inputs(operand, computed, extent);
                    put(tensor, known[tensor] ? both(get(tensor), range) : range);
                }
            }
        }
    }

    /** A reader that reads nothing but padding stays visible. */
    private static Interval both(Interval one, Interval other) {
        return one.isEmpty() || other.isEmpty() ? Interval.EMPTY : one.hull(other);
    }

    /** All outputs of a layer are computed over the same range. */
    private Interval computed(int layer, AxisGeometry geometry) {
        boolean divisible = false;
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            if (index.divisible(axis, tensor) > 0) {
                divisible = true;
                wanted = known[tensor] ? wanted.hull(get(tensor)) : wanted;
            }
        }
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            int extent = index.divisible(axis, tensor);
            if (extent > 0) {
                put(tensor, geometry instanceof Whole ? new Interval(0, extent) : wanted);
            }
        }
        return divisible ? wanted : new Interval(0, 1);
    }

    /** Each output is computed by itself, and what nothing reads not at all. */
    private Interval computedApart(int layer, Split split) {
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            if (needed[tensor]) {
                wanted = wanted.hull(split.placed(result, known[tensor] ? get(tensor) : new Interval(0, 1)));
            }
        }
        return wanted;
    }

    private Interval get(int tensor) {
        return new Interval(from[tensor], to[tensor]);
    }

    private void put(int tensor, Interval range) {
        from[tensor] = range.from();
        to[tensor] = range.to();
        known[tensor] = true;
    }
}
