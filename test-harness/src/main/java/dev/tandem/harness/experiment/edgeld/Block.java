package dev.tandem.harness.experiment.edgeld;

import dev.tandem.harness.experiment.edgeld.RowChain.Unit;
import java.util.List;

/**
 * Units that are computed together along rows: for each row where a part begins or ends, how much work and input lie before
 * it. What a part takes is a difference of the two, since its beginning moves the beginnings of its halo alone.
 */
final class Block {

    private final Unit first;
    private final Unit last;
    private final double[] secondsBeforeEnd;
    private final double[] secondsBeforeBegin;
    private final int[] inputRowsBeforeEnd;
    private final int[] inputRowsBeforeBegin;

    /** @param units in order, at least one */
    Block(List<Unit> units) {
        first = units.get(0);
        last = units.get(units.size() - 1);
        int rows = last.rows();
        secondsBeforeEnd = new double[rows + 1];
        secondsBeforeBegin = new double[rows + 1];
        inputRowsBeforeEnd = new int[rows + 1];
        inputRowsBeforeBegin = new int[rows + 1];
        for (int row = 0; row <= rows; row++) {
            int begin = row;
            int end = row;
            for (int index = units.size() - 1; index >= 0; index--) {
                Unit unit = units.get(index);
                secondsBeforeBegin[row] += unit.seconds() * begin / unit.rows();
                secondsBeforeEnd[row] += unit.seconds() * end / unit.rows();
                begin = Math.max(0, begin * unit.stride() - unit.padding());
                end = Math.min(unit.inputRows(), (end - 1) * unit.stride() - unit.padding() + unit.kernel());
            }
            inputRowsBeforeBegin[row] = begin;
            inputRowsBeforeEnd[row] = end;
        }
    }

    int rows() {
        return last.rows();
    }

    /** Seconds of a part as EdgeDI's code has it: input with halo rows, the call, output. */
    double seconds(Follower follower, int from, int to) {
        double inputBytes = first.inputRowBytes() * (double) (inputRowsBeforeEnd[to] - inputRowsBeforeBegin[from]);
        double outputBytes = last.rowBytes() * (double) (to - from);
        return LinearTime.SECONDS_PER_CALL
                + (secondsBeforeEnd[to] - secondsBeforeBegin[from]) / follower.rate()
                + (inputBytes + outputBytes) / follower.bytesPerSecond();
    }

    /** Of the slowest part; parts without rows take nothing. */
    double seconds(List<Follower> followers, int[] rows) {
        double slowest = 0;
        int from = 0;
        for (int part = 0; part < rows.length; part++) {
            int to = from + rows[part];
            slowest = to == from ? slowest : Math.max(slowest, seconds(followers.get(part), from, to));
            from = to;
        }
        return slowest;
    }
}
