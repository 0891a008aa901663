package dev.tandem.core.planner.bottleneck;

/** What one decision has cost so far. Used by one thread. */
final class Effort {

    private final SolveLimits limits;
    private long comparisons;

    Effort(SolveLimits limits) {
        this.limits = limits;
    }

    /** Counts comparisons of walks. */
    void spend(int more) {
        comparisons += more;
    }

    boolean isSpent() {
        return comparisons > limits.comparisonsPerDecision() || limits.stop().getAsBoolean();
    }
}
