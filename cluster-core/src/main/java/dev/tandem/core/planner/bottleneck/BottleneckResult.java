package dev.tandem.core.planner.bottleneck;

/** What came of solving. */
public sealed interface BottleneckResult {

    /**
     * A placement that may be run.
     *
     * @param bottleneckSeconds its longest transfer
     * @param lowerBoundSeconds no placement has a shorter one; the same as the bottleneck when the placement is optimal
     */
    record Solved(Placement placement, double bottleneckSeconds, double lowerBoundSeconds) implements BottleneckResult {

        /** Whether no placement is better. */
        public boolean isOptimal() {
            return bottleneckSeconds == lowerBoundSeconds;
        }

        /** By what share the bottleneck may lie above the optimum; 0 for an optimal one, infinite over a bound of 0. */
        public double gap() {
            return isOptimal() ? 0 : bottleneckSeconds / lowerBoundSeconds - 1;
        }
    }

    /**
     * No placement exists.
     *
     * @param reason which capacity is missing and by how much
     */
    record Infeasible(String reason) implements BottleneckResult {}

    /** Neither a placement was found within the limits nor that there is none. */
    record Undecided(String reason) implements BottleneckResult {}
}
