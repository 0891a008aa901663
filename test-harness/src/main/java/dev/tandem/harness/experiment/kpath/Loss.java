package dev.tandem.harness.experiment.kpath;

import java.util.Arrays;
import java.util.List;

/**
 * A trial in which a technique's bottleneck is below Tandem's.
 *
 * @param isOverfull whether the technique got there with a piece that its node does not hold
 */
public record Loss(
        String model,
        int megabytes,
        int nodes,
        int number,
        Technique technique,
        double seconds,
        double tandemSeconds,
        boolean isOverfull) {

    /** All losses of a trial. */
    static List<Loss> of(Trial trial) {
        return Arrays.stream(Technique.values())
                .filter(technique -> trial.refusal().isEmpty()
                        && trial.of(technique).orElse(Double.POSITIVE_INFINITY) < trial.tandemSeconds())
                .map(technique -> new Loss(
                        trial.model(),
                        trial.megabytes(),
                        trial.nodes(),
                        trial.number(),
                        technique,
                        trial.of(technique).orElseThrow(),
                        trial.tandemSeconds(),
                        trial.overfull().contains(technique)))
                .toList();
    }
}
