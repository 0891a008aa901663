package dev.tandem.core.planner.bottleneck;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How much a search may try before it settles for a gap. With the same number of comparisons the answer is the same on
 * every machine; a stop by the clock makes it depend on the machine.
 *
 * @param comparisonsPerDecision beginnings of a placement compared per threshold before the threshold is left undecided
 * @param stop asked now and then, by the thread that solves; once true, the best found so far is the answer
 */
public record SolveLimits(long comparisonsPerDecision, BooleanSupplier stop) {

    /** Decides every threshold of the published clusters of 50 nodes. */
    public static final SolveLimits DEFAULT = new SolveLimits(100_000_000, () -> false);

    public SolveLimits {
        if (comparisonsPerDecision < 1) {
            throw new IllegalArgumentException(
                    "comparisons per decision (" + comparisonsPerDecision + ") must be above 0.");
        }
    }

    /** The same until so much time has passed from now on. */
    public SolveLimits within(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        return new SolveLimits(comparisonsPerDecision, () -> stop.getAsBoolean() || System.nanoTime() - end > 0);
    }
}
