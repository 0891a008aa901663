package dev.tandem.harness.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of what several rounds gave. */
final class Medians {

    private Medians() {}

    /** The median; of an even number of rounds the lower of the two in the middle. */
    static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[(sorted.length - 1) / 2];
    }
}
