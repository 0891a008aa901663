package dev.tandem.deploy.load;

/**
 * How a query went. Times are nanoseconds since the run began.
 *
 * @param number from 0, in the order in which queries left
 * @param scheduledNanos when it was meant to leave
 * @param issuedNanos when it left, never earlier
 * @param completedNanos when its answer or failure came
 */
public record Query(int number, long scheduledNanos, long issuedNanos, long completedNanos, Outcome outcome) {

    /** What came of a query. */
    public enum Outcome {
        /** An answer. */
        ANSWERED,
        /** The server said at once that it has too much to do. */
        REFUSED,
        /** No answer by the deadline. */
        LATE
    }

    /** From the time at which it was meant to leave, so that what held it up before is charged to it. */
    public long latencyNanos() {
        return completedNanos - scheduledNanos;
    }

    public boolean isAnswered() {
        return outcome == Outcome.ANSWERED;
    }
}
