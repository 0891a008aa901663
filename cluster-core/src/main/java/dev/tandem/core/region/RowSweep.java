package dev.tandem.core.region;

import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.Segment;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Which rows a shard computes and reads of all segments that end at one place: a walk backwards from there, one layer at a
 * time, so that one walk does for every place where a segment may begin. The rows are those of {@link ReceptiveField}.
 * Used by one thread.
 */
public final class RowSweep {

    private static final int UNKNOWN = -1;

    private final ModelGraph graph;
    private final GraphIndex index;
    private final int end;
    private final IntFunction<Interval> owned;
    /** Needed rows by tensor; unknown from where none are. */
    private final int[] from;

    private final int[] to;
    private final boolean[] needed;
    private int begin;
    private int empty;
    private double share;

    /**
     * @param end the layer in front of which the segments end
     * @param owned rows that the shard computes of an output with rows to divide, by its number in the graph's index
     */
    public RowSweep(ModelGraph graph, int end, IntFunction<Interval> owned) {
        this.graph = graph;
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
    public static RowSweep over(ModelGraph graph, Segment segment, IntFunction<Interval> owned) {
        RowSweep sweep = new RowSweep(graph, segment.to(), owned);
        while (sweep.begin() > segment.from()) {
            sweep.back();
        }
        return sweep;
    }

    /** Rows of outputs by their names; those that are not named are owned whole. */
    public static IntFunction<Interval> of(ModelGraph graph, Map<String, Interval> rows) {
        GraphIndex index = graph.index();
        return tensor -> {
            Interval named = rows.get(index.tensor(tensor).name());
            return named == null ? new Interval(0, index.divisibleRows(tensor)) : named;
        };
    }

    /** The first layer of the segment so far. */
    public int begin() {
        return begin;
    }

    /** Takes the layer in front of the segment into it; there must be one. */
    public void back() {
        begin--;
        share = 1;
        boolean computed = false;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            if (index.isOutput(tensor, end)) {
                needed[tensor] = true;
                if (index.divisibleRows(tensor) > 0) {
                    add(tensor, owned.apply(tensor));
                }
            }
            computed |= needed[tensor];
        }
        if (computed) {
            pullBack();
        }
    }

    /** Of the rows of the layer that was taken last, the part that is computed; 1 for one without rows to divide. */
    public double share() {
        return share;
    }

    /** Whether some tensor of the segment has needed rows, but none that is more than padding. */
    public boolean readsPaddingAlone() {
        return empty > 0;
    }

    /** Whether the segment reads, or has as an output, the tensor. */
    public boolean isNeeded(int tensor) {
        return needed[tensor];
    }

    /** How many rows of a tensor are read or computed; -1 where it has none to divide. */
    public int rows(int tensor) {
        return from[tensor] == UNKNOWN ? UNKNOWN : to[tensor] - from[tensor];
    }

    /** The first of those rows; -1 where there are none to divide. */
    public int firstRow(int tensor) {
        return from[tensor];
    }

    private void pullBack() {
        RowGeometry geometry = graph.layers().get(begin).geometry();
        Interval computed = computedRows(geometry);
        for (int operand = 0; operand < index.reads(begin); operand++) {
            int tensor = index.read(begin, operand);
            int height = index.divisibleRows(tensor);
            needed[tensor] = true;
            if (height > 0) {
                add(tensor, geometry.inputRows(computed, height));
            }
        }
    }

    /** All outputs of a layer are computed over the same rows. */
    private Interval computedRows(RowGeometry geometry) {
        int height = 0;
        Interval wanted = Interval.EMPTY;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            if (index.divisibleRows(tensor) > 0) {
                height = index.divisibleRows(tensor);
                wanted = from[tensor] == UNKNOWN ? wanted : wanted.hull(new Interval(from[tensor], to[tensor]));
            }
        }
        boolean whole = geometry instanceof WholeRows;
        share = height > 0 ? 0 : 1;
        for (int result = 0; result < index.writes(begin); result++) {
            int tensor = index.written(begin, result);
            int rows = index.divisibleRows(tensor);
            if (rows > 0) {
                put(tensor, whole ? new Interval(0, rows) : wanted);
                share = Math.max(share, (double) (to[tensor] - from[tensor]) / rows);
            }
        }
        return height > 0 ? wanted : new Interval(0, 1);
    }

    private void add(int tensor, Interval rows) {
        put(tensor, from[tensor] == UNKNOWN ? rows : new Interval(from[tensor], to[tensor]).hull(rows));
    }

    private void put(int tensor, Interval rows) {
        empty -= from[tensor] != UNKNOWN && from[tensor] == to[tensor] ? 1 : 0;
        from[tensor] = rows.from();
        to[tensor] = rows.to();
        empty += rows.isEmpty() ? 1 : 0;
    }
}
