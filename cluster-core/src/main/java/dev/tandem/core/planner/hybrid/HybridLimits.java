package dev.tandem.core.planner.hybrid;

/**
 * How far the search looks.
 *
 * @param mostShards core groups that a stage may be divided over, and nodes that a run of stages may share
 * @param parts shares of the rows are whole numbers of so many parts, such as eighths
 * @param allShares whether core groups may have any shares of the rows, and runs of stages any nodes; otherwise core groups
 *     have shares in proportion to their rates, and the first stage of a run decides on the run's nodes
 * @param mostStages stages of a plan
 * @param mostCuts cuts that are looked at, spread over the model where it has more
 * @param mostSteps partial plans that are extended before the best so far is taken; where they suffice, that is the best
 *     there is
 */
public record HybridLimits(int mostShards, int parts, boolean allShares, int mostStages, int mostCuts, long mostSteps) {

    public HybridLimits {
        if (mostShards < 1 || parts < 1 || mostStages < 1 || mostCuts < 0 || mostSteps < 0) {
            throw new IllegalArgumentException("mostShards (" + mostShards + "), parts (" + parts + ") and mostStages ("
                    + mostStages + ") must be at least 1, mostCuts (" + mostCuts + ") and mostSteps (" + mostSteps
                    + ") at least 0");
        }
    }
}
