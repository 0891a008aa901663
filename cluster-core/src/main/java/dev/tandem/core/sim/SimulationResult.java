package dev.tandem.core.sim;

import java.util.List;
import java.util.Optional;

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
 * @param energy absent where the power of a node is not known
 */
public record SimulationResult(
        int completed,
        int lost,
        Latencies latencies,
        double throughputPerSecond,
        double durationSeconds,
        long events,
        List<Resource> resources,
        Optional<EnergyUse> energy) {

    public SimulationResult {
        resources = List.copyOf(resources);
    }

    SimulationResult with(EnergyUse use) {
        return new SimulationResult(
                completed, lost, latencies, throughputPerSecond, durationSeconds, events, resources, Optional.of(use));
    }
}
