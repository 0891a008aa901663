package dev.tandem.core.planner;

/**
 * What a plan must not exceed.
 *
 * @param maxNodes different nodes that it may use, at least 1
 * @param maxLatencySeconds predicted time of one request, above 0; infinite for any
 */
public record PlanBounds(int maxNodes, double maxLatencySeconds) {

    /** No bounds. */
    public static final PlanBounds NONE = new PlanBounds(Integer.MAX_VALUE, Double.POSITIVE_INFINITY);

    public PlanBounds {
        if (maxNodes < 1 || !(maxLatencySeconds > 0)) {
            throw new IllegalArgumentException("maxNodes (" + maxNodes + ") must be at least 1 and maxLatencySeconds ("
                    + maxLatencySeconds + ") above 0");
        }
    }
}
