package dev.tandem.harness.experiment.links;

/**
 * One way on links of one rate.
 *
 * @param latencySeconds median of requests one at a time
 * @param perSecond answers while eight requests are in flight
 * @param stages of the plan
 */
public record LinkTrial(Cell which, double latencySeconds, double perSecond, int stages) {

    /** What is measured, and the how many-th time. */
    public record Cell(String model, int megabits, Way way, int round) {}
}
