package dev.tandem.core.planner;

import dev.tandem.core.plan.PlanScore;

/** What a plan should be best at. */
public enum Objective {
    /** The time of one request on an idle cluster. */
    LATENCY,
    /** Requests per second when many are in flight. */
    THROUGHPUT;

    /** Seconds to be made small: the latency, or the time between two requests. */
    public double seconds(PlanScore score) {
        return this == LATENCY ? score.latencySeconds() : 1 / score.throughputPerSecond();
    }
}
