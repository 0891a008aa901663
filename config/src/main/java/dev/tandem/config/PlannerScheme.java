package dev.tandem.config;

/** The plans a planner may choose from; {@link #AUTO} is all of them. */
public enum PlannerScheme {
    AUTO,
    SINGLE,
    PIPELINE,
    ROWS,
    GRID,
    CHANNELS,
    BATCH,
    BRANCHES,
    HYBRID,
    LANES
}
