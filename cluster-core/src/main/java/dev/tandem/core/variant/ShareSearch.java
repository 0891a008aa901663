package dev.tandem.core.variant;

import java.util.Optional;

/** What a strategy can make of one batch. Immutable, and deterministic. */
public interface ShareSearch {

    /** Of the shares that are done by then the most accurate, and of those the soonest done; empty where none is. */
    Optional<Shares> mostAccurate(long deadlineNanos);

    /** Of the shares with at least this sum of accuracies, in {@link Variant#UNITS}, the soonest done; empty where none has. */
    Optional<Shares> soonest(long accuracySum);

    /** Whether there are shares that are done by then with at least this sum of accuracies. */
    boolean has(long deadlineNanos, long accuracySum);

    /**
     * The largest sum of accuracies over the images that are classified by then; later ones count as wrong. In {@link
     * Variant#UNITS}; defined where no shares are in time, too.
     */
    long mostCorrect(long deadlineNanos);
}
