package dev.tandem.core.planner;

/**
 * Where the rows and columns come from that a shard reads beyond its own: of the schemes that divide maps in space.
 */
public enum Halo {
    /** Stages end where the planner finds that it pays; the grid's are as long as can be. */
    CHOSEN,
    /** Stages are as long as can be: what is beyond a shard's own is computed by it, too. Nothing travels in between. */
    RECOMPUTE,
    /** A stage ends in front of every convolution and pooling that reads beyond, for which neighbours send what lacks. */
    EXCHANGE,
    /** The same along rows, and what needs nothing of neighbours is computed while that is under way. */
    OVERLAP;

    /** Whether neighbours send what lacks wherever something does. */
    public boolean isExchanged() {
        return this == EXCHANGE || this == OVERLAP;
    }

    /** The same for a scheme that divides maps in space; for others there is nothing to say. */
    public Halo within(Scheme scheme) {
        return isOf(scheme) ? this : CHOSEN;
    }

    /** Whether it can be asked for with the scheme. */
    public boolean isOf(Scheme scheme) {
        return switch (this) {
            case CHOSEN -> true;
            case RECOMPUTE, EXCHANGE -> scheme == Scheme.ROWS || scheme == Scheme.GRID;
            case OVERLAP -> scheme == Scheme.ROWS;
        };
    }
}
