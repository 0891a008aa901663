package dev.tandem.core.planner.bottleneck;

import dev.tandem.core.planner.bottleneck.BottleneckResult.Infeasible;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Solved;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Undecided;
import dev.tandem.core.planner.bottleneck.ThresholdDecision.Decision;
import java.util.Arrays;
import java.util.List;

/**
 * Finds partition and placement together. The bottleneck of every placement is the time of some transfer over some link, so
 * the optimum is the least of these times within which a placement exists; a binary search over them asks {@link
 * ThresholdDecision}. Where every threshold on the way is decided, the answer is optimal; otherwise the bound is the least
 * time that was not excluded. Deterministic as long as the limits' stop is. Safe to share between threads.
 */
public final class BottleneckSolver {

    private final SolveLimits limits;

    public BottleneckSolver(SolveLimits limits) {
        this.limits = limits;
    }

    /** The best placement found, with a bound; or why there is none. */
    public BottleneckResult solve(BottleneckProblem problem) {
        Search search = new Search(problem, limits);
        Decision any = search.decide(search.times.length - 1);
        if (any.isExcluded()) {
            return new Infeasible(new Shortfall(problem, limits).reason());
        }
        if (any.placement().isEmpty()) {
            return new Undecided("neither a placement of " + problem.chain().size() + " blocks on "
                    + problem.mesh().size() + " nodes was found within the limits nor that there is none. "
                    + "Maybe allow more time or comparisons.");
        }
        return search.run();
    }

    /** The state of one binary search. */
    private static final class Search {

        private final BottleneckProblem problem;
        private final ThresholdDecision decision;
        private final double[] times;
        private Placement best = new Placement(List.of());
        /** Index of the best placement's bottleneck. */
        private int bestTime;
        /** Index of the least time not excluded. */
        private int open;

        Search(BottleneckProblem problem, SolveLimits limits) {
            this.problem = problem;
            decision = new ThresholdDecision(problem, limits);
            times = problem.transferTimes();
            bestTime = times.length;
        }

        Solved run() {
            int undecided = improve();
            while (open < undecided) {
                int middle = (open + undecided) >>> 1;
                if (!decide(middle).isExcluded()) {
                    undecided = middle;
                }
            }
            return new Solved(best, times[bestTime], times[open]);
        }

        /** Looks for better placements, passing over what stays undecided; the least such time. */
        private int improve() {
            int undecided = Integer.MAX_VALUE;
            int low = open;
            while (low < bestTime) {
                int middle = (low + bestTime) >>> 1;
                Decision decided = decide(middle);
                if (decided.placement().isEmpty()) {
                    low = middle + 1;
                    undecided = decided.isExcluded() ? undecided : Math.min(undecided, middle);
                }
            }
            return Math.min(undecided, bestTime);
        }

        Decision decide(int time) {
            Decision decided = decision.decide(times[time]);
            decided.placement().ifPresent(this::keep);
            if (decided.isExcluded()) {
                open = Math.max(open, time + 1);
            }
            return decided;
        }

        private void keep(Placement placement) {
            int time = Arrays.binarySearch(times, problem.bottleneckSeconds(placement));
            if (time < bestTime) {
                best = placement;
                bestTime = time;
            }
        }
    }
}
