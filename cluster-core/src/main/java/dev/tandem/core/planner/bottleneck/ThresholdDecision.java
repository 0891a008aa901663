package dev.tandem.core.planner.bottleneck;

import dev.tandem.core.planner.bottleneck.WalkSearch.Outcome;
import java.util.BitSet;
import java.util.Optional;

/**
 * Decides whether a placement exists within a threshold. Walks may come to a node twice at first; nodes at which one that was
 * found does become critical, must not be repeated any more, and the search begins anew: decremental state space relaxation
 * (Righini and Salani, "New dynamic programming algorithms for the resource constrained elementary shortest path problem",
 * Networks 51(3), 2008). Critical nodes are kept from one threshold to the next. Used by one thread.
 */
final class ThresholdDecision {

    /** Sets of critical nodes are bits of a long. */
    private static final int MOST_CRITICAL = Long.SIZE;

    private static final int PATHS_PER_NODE = 32;

    private final WalkSearch search;
    private final SolveLimits limits;
    private final long[] critical;
    private int criticals;

    /** The answer for a threshold: a placement, proof that there is none, or neither. */
    record Decision(Optional<Placement> placement, boolean isExcluded) {}

    ThresholdDecision(BottleneckProblem problem, SolveLimits limits) {
        search = new WalkSearch(problem);
        critical = new long[problem.mesh().size()];
        this.limits = limits;
    }

    Decision decide(double seconds) {
        Effort effort = new Effort(limits);
        Outcome outcome = search.search(seconds, critical, effort);
        while (outcome instanceof Outcome.OnlyWalk only
                && !effort.isSpent()
                && makeCritical(only.walk().repeated())) {
            outcome = search.search(seconds, critical, effort);
        }
        if (outcome instanceof Outcome.OnlyWalk || outcome instanceof Outcome.GivenUp) {
            // So few are kept that this ends soon by itself.
            Effort untilStopped = new Effort(new SolveLimits(Long.MAX_VALUE, limits.stop()));
            Outcome some = search.searchSome(seconds, critical, untilStopped, PATHS_PER_NODE);
            return new Decision(placement(some), false);
        }
        return new Decision(placement(outcome), outcome instanceof Outcome.None);
    }

    private static Optional<Placement> placement(Outcome outcome) {
        return outcome instanceof Outcome.Path path ? Optional.of(path.placement()) : Optional.empty();
    }

    /** False when there is no room for so many. */
    private boolean makeCritical(BitSet nodes) {
        if (criticals + nodes.cardinality() > MOST_CRITICAL) {
            return false;
        }
        nodes.stream().forEach(node -> critical[node] = 1L << criticals++);
        return true;
    }
}
