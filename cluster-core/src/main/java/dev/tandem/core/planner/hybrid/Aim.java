package dev.tandem.core.planner.hybrid;

import dev.tandem.core.planner.Objective;

/**
 * What is to be made small, and what must not be exceeded.
 *
 * @param mostLatencySeconds of one request; infinite for any
 * @param mostPeriodSeconds between two requests; infinite for any
 * @param mostNodes different nodes
 */
record Aim(Objective objective, double mostLatencySeconds, double mostPeriodSeconds, int mostNodes) {

    /** Whether the time of one request matters. */
    boolean needsLatency() {
        return objective != Objective.THROUGHPUT || mostLatencySeconds < Double.POSITIVE_INFINITY;
    }

    /** Whether it matters how busy resources are. */
    boolean needsPeriod() {
        return objective == Objective.THROUGHPUT || mostPeriodSeconds < Double.POSITIVE_INFINITY;
    }

    /** What is to be made small; infinite where a bound is exceeded. Never falls when a figure grows. */
    double value(double latencySeconds, double periodSeconds) {
        if (latencySeconds > mostLatencySeconds || periodSeconds > mostPeriodSeconds) {
            return Double.POSITIVE_INFINITY;
        }
        return objective == Objective.LATENCY ? latencySeconds : periodSeconds;
    }
}
