package dev.tandem.core.planner;

/** Which way of dividing the model to take. */
public enum Scheme {
    /** The best of all others and of published schemes. */
    AUTO,
    /** The whole model on one core group. */
    SINGLE,
    /** Stages one after the other, each whole on a node of its own. */
    PIPELINE,
    /** Stages divided along rows over the same core groups, and undivided ones where rows cannot be divided. */
    ROWS,
    /** Stages divided into tiles along rows and columns over the same core groups, and undivided ones where they cannot be. */
    GRID,
    /** Stages divided along output channels over the same core groups, and undivided ones where channels cannot be divided. */
    CHANNELS,
    /** Stages divided along the images of a batch over the same core groups, and undivided ones where a batch cannot be. */
    BATCH,
    /** Parallel branches as stages side by side over core groups, and everything else whole on the fastest of them. */
    BRANCHES,
    /** Stages one after the other, each whole on a core group or divided along rows over a few, of one node or several. */
    HYBRID,
    /** Two lanes or more side by side, each the whole model on core groups of its own, that share the requests. */
    LANES
}
