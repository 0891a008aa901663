package dev.tandem.harness.experiment.scale;

/**
 * One plan for one cluster.
 *
 * @param objective what it was planned for
 * @param scheme of the plan
 * @param usedNodes different nodes that the plan uses
 * @param processorSeconds that planning took, of one processor
 * @param value what the objective makes small: seconds of a request, or between two of a stream
 * @param lowerBound of the value: no plan is better
 * @param gap {@code value / lowerBound - 1}
 */
public record Trial(
        int nodes,
        int number,
        String objective,
        String scheme,
        int lanes,
        long usedNodes,
        double processorSeconds,
        double value,
        double lowerBound,
        double gap) {}
