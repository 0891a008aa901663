package dev.tandem.core.planner;

import dev.tandem.core.planner.RowsProblem.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The cheapest sequence of divided and undivided stages with at least one divided, by dynamic programming over (position,
 * whether the last stage is divided, whether any is). Used by one thread.
 */
final class RowsSearch {

    private static final int UNDIVIDED = 0;
    /** The last stage is undivided, an earlier one is divided. */
    private static final int TAIL = 1;

    private static final int DIVIDED = 2;
    private static final int STATES = 3;
    private static final int NONE = -1;

    private final RowsProblem problem;
    private final double transferWeight;
    private final double[][] best;
    private final int[][] begin;
    private final int[][] before;
    /** Positions {@code [forcedFrom, forcedTo)} must be in divided stages. */
    private int forcedFrom;

    private int forcedTo;

    RowsSearch(RowsProblem problem, double transferWeight, boolean force) {
        this.problem = problem;
        this.transferWeight = transferWeight;
        best = new double[problem.end() + 1][STATES];
        begin = new int[problem.end() + 1][STATES];
        before = new int[problem.end() + 1][STATES];
        if (force) {
            findForcedPart();
        }
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int from = 0; from < problem.end(); from++) {
            for (int to = from + 1; to <= problem.end(); to++) {
                add(from, to, true);
                add(from, to, false);
            }
        }
    }

    /** The stages in order, if there is a way with one that is divided. */
    Optional<List<Span>> stages() {
        int end = problem.end();
        double tail = best[end][TAIL] + weighted(problem.exitSeconds(false));
        double divided = best[end][DIVIDED] + weighted(problem.exitSeconds(true));
        if (!(Math.min(tail, divided) < Double.POSITIVE_INFINITY)) {
            return Optional.empty();
        }
        List<Span> spans = new ArrayList<>();
        int state = divided <= tail ? DIVIDED : TAIL;
        for (int to = end; to > 0; ) {
            int from = begin[to][state];
            spans.add(new Span(from, to, state == DIVIDED));
            state = before[to][state];
            to = from;
        }
        Collections.reverse(spans);
        return Optional.of(List.copyOf(spans));
    }

    /** The run of neighbouring positions with divisible layers between them that takes the most time. */
    private void findForcedPart() {
        double longest = 0;
        int from = 0;
        for (int to = 1; to <= problem.end(); to++) {
            if (!problem.isDivisible(to - 1, to)) {
                from = to;
            } else if (problem.undividedSeconds(from, to) > longest) {
                longest = problem.undividedSeconds(from, to);
                forcedFrom = from;
                forcedTo = to;
            }
        }
    }

    private void add(int from, int to, boolean divided) {
        boolean touchesForced = from < forcedTo && to > forcedFrom;
        double compute =
                !divided && touchesForced ? Double.POSITIVE_INFINITY : problem.computeSeconds(from, to, divided);
        if (compute == Double.POSITIVE_INFINITY) {
            return;
        }
        if (from == 0) {
            offer(from, to, divided, NONE, compute);
            return;
        }
        for (int state = 0; state < STATES; state++) {
            if (best[from][state] < Double.POSITIVE_INFINITY) {
                offer(from, to, divided, state, best[from][state] + compute);
            }
        }
    }

    /** Weight 0 still refuses what cannot be reached. */
    private double weighted(double transferSeconds) {
        return transferSeconds == Double.POSITIVE_INFINITY ? transferSeconds : transferWeight * transferSeconds;
    }

    /** What enters is worked out only where the stage alone does not take too long already. */
    private void offer(int from, int to, boolean divided, int previous, double withoutEntry) {
        int state = DIVIDED;
        if (!divided) {
            state = previous == TAIL || previous == DIVIDED ? TAIL : UNDIVIDED;
        }
        if (withoutEntry >= best[to][state]) {
            return;
        }
        double candidate = withoutEntry + weighted(problem.enterSeconds(from, to, divided, previous == DIVIDED));
        if (candidate < best[to][state]) {
            best[to][state] = candidate;
            begin[to][state] = from;
            before[to][state] = previous;
        }
    }
}
