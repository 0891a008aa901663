package dev.tandem.core.sim;

import java.util.List;

/**
 * What came of a scenario.
 *
 * @param completed requests that were answered
 * @param lost requests that were in a lane when it ended, or came when there was none left
 * @param throughputPerSecond rate of the answers in the steady part, which is taken to be all but the first and the last
 *     fifth of them; of few answers the mean over all the time; 0 when there are none
 * @param durationSeconds from 0 to the last answer or loss
 * @param events that were simulated
 * @param resources that the plan uses: core groups, links, network cards and shared media
 */
public record SimulationResult(
        int completed,
        int lost,
        Latencies latencies,
        double throughputPerSecond,
        double durationSeconds,
        long events,
        List<Resource> resources) {

    public SimulationResult {
        resources = List.copyOf(resources);
    }
}
