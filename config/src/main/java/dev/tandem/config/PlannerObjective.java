package dev.tandem.config;

/** What a plan is made best in. */
public enum PlannerObjective {
    LATENCY,
    THROUGHPUT,
    ENERGY,
    ENERGY_DELAY
}
