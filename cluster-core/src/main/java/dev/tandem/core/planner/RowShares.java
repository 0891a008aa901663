package dev.tandem.core.planner;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Deals the rows of a divided stage out to parts such that the slowest part takes the least time.
 *
 * <p>For a limit of time each part, in order, takes all the rows that it can within the limit; that covers all rows if
 * anything does, because a part never takes longer when it begins later or ends earlier. The least limit is found by
 * bisection down to neighbouring numbers, so the answer is exact for such times and the given order of parts.
 */
public final class RowShares {

    /** Seconds of a part that computes the rows {@code [from, to)}; must not fall when either end moves outwards. */
    @FunctionalInterface
    public interface PartSeconds {
        double seconds(int part, int from, int to);
    }

    private final int rows;
    private final int parts;
    private final PartSeconds times;

    private RowShares(int rows, int parts, PartSeconds times) {
        this.rows = rows;
        this.parts = parts;
        this.times = times;
    }

    /**
     * Rows of each part, in order; a part that does not help gets none.
     *
     * @param rows to deal out, at least 1
     * @param parts at least 1
     */
    public static List<Integer> balanced(int rows, int parts, PartSeconds times) {
        if (rows < 1 || parts < 1) {
            throw new IllegalArgumentException(
                    "rows (" + rows + ") and parts (" + parts + ") must both be at least 1 to deal rows out");
        }
        return new RowShares(rows, parts, times).balanced();
    }

    /** Of the slowest part; parts without rows take no time. */
    public static double slowestSeconds(List<Integer> rowsOfParts, PartSeconds times) {
        double slowest = 0;
        int from = 0;
        for (int part = 0; part < rowsOfParts.size(); part++) {
            int to = from + rowsOfParts.get(part);
            slowest = to == from ? slowest : Math.max(slowest, times.seconds(part, from, to));
            from = to;
        }
        return slowest;
    }

    private List<Integer> balanced() {
        List<Integer> best = onOnePart();
        double enough = slowestSeconds(best, times);
        double tooLittle = 0;
        while (true) {
            double limit = tooLittle + (enough - tooLittle) / 2;
            if (!(limit > tooLittle && limit < enough)) {
                return best;
            }
            List<Integer> within = within(limit);
            if (within.isEmpty()) {
                tooLittle = limit;
            } else {
                best = within;
                enough = slowestSeconds(best, times);
            }
        }
    }

    private List<Integer> onOnePart() {
        int quickest = 0;
        for (int part = 1; part < parts; part++) {
            quickest = times.seconds(part, 0, rows) < times.seconds(quickest, 0, rows) ? part : quickest;
        }
        int chosen = quickest;
        return IntStream.range(0, parts)
                .mapToObj(part -> part == chosen ? rows : 0)
                .toList();
    }

    /** Rows of each part where all can be done within the limit, else nothing. */
    private List<Integer> within(double limit) {
        Integer[] rowsOfParts = new Integer[parts];
        int from = 0;
        for (int part = 0; part < parts; part++) {
            int to = furthest(part, from, limit);
            rowsOfParts[part] = to - from;
            from = to;
        }
        return from == rows ? List.of(rowsOfParts) : List.of();
    }

    private int furthest(int part, int from, double limit) {
        int low = from;
        int high = rows;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (times.seconds(part, from, middle) <= limit) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
