package dev.tandem.harness.experiment.kpath;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One cluster, one model, one capacity.
 *
 * @param number from 1
 * @param pieces of Tandem's placement; 0 when there is none
 * @param seconds bottleneck of each technique that gave one
 * @param overfull techniques whose pieces exceed what a node holds, so that nothing could run them
 * @param refusal why there is no placement, empty when there is one
 */
public record Trial(
        String model,
        int megabytes,
        int nodes,
        int number,
        int pieces,
        double tandemSeconds,
        double boundSeconds,
        Map<Technique, Double> seconds,
        Set<Technique> overfull,
        String refusal) {

    public Trial {
        seconds = Map.copyOf(seconds);
        overfull = Set.copyOf(overfull);
    }

    /** The bottleneck that a technique gave, if it gave a placement. */
    public OptionalDouble of(Technique technique) {
        Double given = seconds.get(technique);
        return given == null ? OptionalDouble.empty() : OptionalDouble.of(given);
    }

    /** Whether there is a placement, and only one with transfers. */
    public boolean hasTransfers() {
        return pieces > 1;
    }

    /** Whether Tandem and the three techniques that give placements gave one here, with something to transfer. */
    public boolean isMatched() {
        return hasTransfers()
                && of(Technique.K_PATH).isPresent()
                && of(Technique.GREEDY).isPresent()
                && of(Technique.RANDOM).isPresent();
    }
}
