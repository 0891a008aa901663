package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Which positions along an axis a shard computes and reads of all segments that end at one place: a walk backwards from
 * there, one layer at a time, so that one walk does for every place where a segment may begin. They are those of
 * {@link ReceptiveField}. Used by one thread.
 */
public final class AxisSweep {

    private static final int UNKNOWN = -1;

    private final ModelGraph graph;
    private final Axis axis;
    private final GraphIndex index;
    private final int end;
    private final IntFunction<Interval> owned;
    /** Needed positions by tensor; unknown from where none are. */
    private final int[] from;

    private final int[] to;
    private final boolean[] needed;
    private int begin;
    private int paddingAlone = UNKNOWN;
    private double share;

    /**
     * @param end the layer in front of which the segments end
     * @param owned what the shard computes of an output that can be divided along the axis, by its number in the graph's index
     */
    public AxisSweep(ModelGraph graph, Axis axis, int end, IntFunction<Interval> owned) {
        this.graph = graph;
        this.axis = axis;
        this.index = graph.index();
        this.end = end;
        this.owned = owned;
        this.begin = end;
        this.from = new int[index.tensors()];
        this.to = new int[index.tensors()];
        this.needed = new boolean[index.tensors()];
        Arrays.fill(from, UNKNOWN);
    }

    /** The walk through a segment. */
    public static AxisSweep over(ModelGraph graph, Axis axis, Segment segment, IntFunction<Interval> owned) {
        AxisSweep sweep = new AxisSweep(graph, axis, segment.to(), owned);
        while (sweep.begin() > segment.from()) {
            sweep.back();
        }
        return sweep;
    }

    /** Ranges of outputs by their names; those that are not named are owned whole. */
    public static IntFunction<Interval> of(ModelGraph graph, Axis axis, Map<String, Interval> owned) {
        GraphIndex index = graph.index();
        return tensor -> {
            Interval named = owned.get(index.tensor(tensor).name());
            return named == null ? new Interval(0, index.divisible(axis, tensor)) : named;
        };
    }

    /** The first layer of the segment so far. */
    public int begin() {
        return begin;
    }

    /** Takes the layer in front of the segment into it; there must be one. */
    public void back() {
        begin--;
        share = 0;
        boolean computed = false;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            if (index.isOutput(tensor, end)) {
                needed[tensor] = true;
                if (index.divisible(axis, tensor) > 0) {
                    add(tensor, owned.apply(tensor));
                }
            }
            computed |= needed[tensor];
        }
        if (computed) {
            pullBack();
        }
    }

    /**
     * Of the layer that was taken last, the part that is computed; 1 for one with nothing to divide along the axis, and 0 for
     * one that is not needed.
     */
    public double share() {
        return share;
    }

    /** Whether some layer of the segment reads nothing but padding of a tensor. */
    public boolean readsPaddingAlone() {
        return paddingAlone != UNKNOWN;
    }

    /** The tensor of which some layer reads nothing but padding; of several, the one nearest to the end. */
    public Optional<String> paddingAlone() {
        return readsPaddingAlone() ? Optional.of(index.tensor(paddingAlone).name()) : Optional.empty();
    }

    /** Whether the segment reads, or has as an output, the tensor. */
    public boolean isNeeded(int tensor) {
        return needed[tensor];
    }

    /** How many positions of a tensor are read or wanted; -1 where it has none to divide, or is not needed. */
    public int length(int tensor) {
        return from[tensor] == UNKNOWN ? UNKNOWN : to[tensor] - from[tensor];
    }

    /** The first of those positions; -1 where there are none. */
    public int first(int tensor) {
        return from[tensor];
    }

    private void pullBack() {
        AxisGeometry geometry = graph.layers().get(begin).along(axis);
        Interval computed = geometry instanceof Split split ? computedApart(split) : computed(geometry);
        for (int operand = 0; operand < index.reads(begin); operand++) {
            if (geometry.reads(operand, computed)) {
                int tensor = index.read(begin, operand);
                int extent = index.divisible(axis, tensor);
                needed[tensor] = true;
                if (extent > 0) {
                    add(tensor, geometry.inputs(operand, computed, extent));
                }
            }
        }
    }

    /** All outputs of a layer are computed over the same range. */
    private Interval computed(AxisGeometry geometry) {
        int extent = 0;
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            if (index.divisible(axis, tensor) > 0) {
                extent = index.divisible(axis, tensor);
                wanted = from[tensor] == UNKNOWN ? wanted : wanted.hull(new Interval(from[tensor], to[tensor]));
            }
        }
        boolean whole = geometry instanceof Whole;
        share = extent > 0 ? 0 : 1;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            int all = index.divisible(axis, tensor);
            if (all > 0) {
                put(tensor, whole ? new Interval(0, all) : wanted);
                int length = whole ? all : geometry.computed(wanted).length();
                share = Math.max(share, (double) length / all);
            }
        }
        return extent > 0 ? wanted : new Interval(0, 1);
    }

    /** Each output is computed by itself, and what nothing reads not at all. */
    private Interval computedApart(Split split) {
        int all = 0;
        int written = 0;
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            all += Math.max(1, index.divisible(axis, tensor));
            if (needed[tensor]) {
                Interval range = from[tensor] == UNKNOWN ? new Interval(0, 1) : new Interval(from[tensor], to[tensor]);
                written += range.length();
                wanted = wanted.hull(split.placed(result, range));
            }
        }
        share = (double) written / all;
        return wanted;
    }

    private void add(int tensor, Interval more) {
        noteIfEmpty(tensor, more);
        put(tensor, from[tensor] == UNKNOWN ? more : new Interval(from[tensor], to[tensor]).hull(more));
    }

    private void put(int tensor, Interval range) {
        from[tensor] = range.from();
        to[tensor] = range.to();
        noteIfEmpty(tensor, range);
    }

    private void noteIfEmpty(int tensor, Interval range) {
        if (range.isEmpty() && paddingAlone == UNKNOWN) {
            paddingAlone = tensor;
        }
    }
}
