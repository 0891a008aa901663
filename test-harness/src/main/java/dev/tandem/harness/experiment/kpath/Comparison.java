package dev.tandem.harness.experiment.kpath;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Techniques beside Tandem over the same matched trials.
 *
 * @param trials how many
 * @param optimal how many of Tandem's placements are proven optimal
 * @param boundSeconds mean of the lower bounds
 * @param tandemSeconds mean of Tandem's bottlenecks
 * @param worstGap largest share by which a bottleneck of Tandem's lies above its bound
 * @param seconds mean of each technique's bottlenecks
 * @param ratio geometric mean of each technique's bottleneck over Tandem's
 */
public record Comparison(
        int trials,
        int optimal,
        double boundSeconds,
        double tandemSeconds,
        double worstGap,
        Map<Technique, Double> seconds,
        Map<Technique, Double> ratio) {

    private static final List<Technique> MATCHED = List.of(Technique.K_PATH, Technique.GREEDY, Technique.RANDOM);

    public Comparison {
        seconds = Map.copyOf(seconds);
        ratio = Map.copyOf(ratio);
    }

    /** Of the matched ones among these trials, of which there must be one. */
    public static Comparison of(List<Trial> trials) {
        List<Trial> matched = trials.stream().filter(Trial::isMatched).toList();
        Map<Technique, Double> seconds = new EnumMap<>(Technique.class);
        Map<Technique, Double> ratio = new EnumMap<>(Technique.class);
        for (Technique technique : MATCHED) {
            seconds.put(technique, mean(matched, trial -> seconds(trial, technique)));
            ratio.put(
                    technique,
                    Math.exp(mean(matched, trial -> Math.log(seconds(trial, technique) / trial.tandemSeconds()))));
        }
        return new Comparison(
                matched.size(),
                (int) matched.stream()
                        .filter(trial -> trial.tandemSeconds() == trial.boundSeconds())
                        .count(),
                mean(matched, Trial::boundSeconds),
                mean(matched, Trial::tandemSeconds),
                matched.stream()
                        .mapToDouble(trial -> trial.tandemSeconds() / trial.boundSeconds() - 1)
                        .max()
                        .orElseThrow(),
                seconds,
                ratio);
    }

    /** By what share the mean bottleneck lies above the mean bound. */
    public double gap() {
        return tandemSeconds / boundSeconds - 1;
    }

    /** Mean of a technique over the mean of Tandem. */
    public double ratioOfMeans(Technique technique) {
        return of(seconds, technique) / tandemSeconds;
    }

    /** Mean bottleneck of a technique. */
    public double seconds(Technique technique) {
        return of(seconds, technique);
    }

    /** Geometric mean of a technique's bottleneck over Tandem's. */
    public double ratio(Technique technique) {
        return of(ratio, technique);
    }

    private static double of(Map<Technique, Double> figures, Technique technique) {
        Double figure = figures.get(technique);
        if (figure == null) {
            throw new IllegalArgumentException(technique + " is not among " + MATCHED + ".");
        }
        return figure;
    }

    private static double seconds(Trial trial, Technique technique) {
        return trial.of(technique).orElseThrow();
    }

    private static double mean(List<Trial> trials, ToDoubleFunction<Trial> figure) {
        return trials.stream().mapToDouble(figure).average().orElseThrow();
    }
}
