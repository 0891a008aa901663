package dev.tandem.core.planner.bottleneck;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How much a search may try before it settles for a gap. With the same number of walks the answer is the same on every
 * machine; a stop by the clock makes it depend on the machine.
 *
 * @param walksPerDecision walks looked at per threshold before the threshold is left undecided
 * @param stop asked now and then, by the thread that solves; once true, the best found so far is the answer
 */
public record SolveLimits(int walksPerDecision, BooleanSupplier stop) {

    /** Enough to decide nearly every threshold of 50 nodes; about a second for one that stays undecided. */
    public static final SolveLimits DEFAULT = new SolveLimits(1_000_000, () -> false);

    public SolveLimits {
        if (walksPerDecision < 1) {
            throw new IllegalArgumentException("walks per decision (" + walksPerDecision + ") must be above 0.");
        }
    }

    /** The same until so much time has passed from now on. */
    public SolveLimits within(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        return new SolveLimits(walksPerDecision, () -> stop.getAsBoolean() || System.nanoTime() - end > 0);
    }
}
