package dev.tandem.deploy.cli;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of what several rounds gave. */
final class Medians {

    private Medians() {}

    /** The median of at least one round; of an even number the mean of the two in the middle. */
    static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
