package dev.tandem.deploy.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The best classes of a classifier's output. */
public final class TopClasses {

    /** At least this many elements make an output look like the scores of classes. */
    private static final int MIN_CLASSES = 2;

    private static final double SUM_TOLERANCE = 1e-2;

    private TopClasses() {}

    /**
     * One class.
     *
     * @param index position in the output
     * @param score the element as the model put it out
     * @param probability the score where the output is a distribution already, else its softmax
     */
    public record ClassScore(int index, String label, double score, double probability) {}

    /** Whether the tensor is one list of scores: at most one axis is longer than 1. */
    public static boolean looksLikeScores(TensorValue output) {
        long longAxes =
                output.spec().shape().stream().filter(extent -> extent > 1).count();
        return longAxes == 1 && output.size() >= MIN_CLASSES;
    }

    /** The {@code count} best classes, best first; equal scores in order of their index, NaN last. */
    public static List<ClassScore> of(TensorValue output, Labels labels, int count) {
        double[] scores =
                IntStream.range(0, output.size()).mapToDouble(output::element).toArray();
        double[] probabilities = isDistribution(scores) ? scores : softmax(scores);
        List<ClassScore> classes = new ArrayList<>();
        for (int index = 0; index < scores.length; index++) {
            classes.add(new ClassScore(index, labels.of(index), scores[index], probabilities[index]));
        }
        Comparator<ClassScore> bestFirst = Comparator.comparing(
                        (ClassScore entry) -> Double.isNaN(entry.score()) ? Double.NEGATIVE_INFINITY : entry.score())
                .reversed();
        return classes.stream().sorted(bestFirst).limit(count).toList();
    }

    private static boolean isDistribution(double[] scores) {
        double sum = 0;
        for (double score : scores) {
            if (!(score >= 0 && score <= 1)) {
                return false;
            }
            sum += score;
        }
        return Math.abs(sum - 1) <= SUM_TOLERANCE;
    }

    private static double[] softmax(double[] scores) {
        double highest = IntStream.range(0, scores.length)
                .mapToDouble(index -> scores[index])
                .filter(score -> !Double.isNaN(score))
                .max()
                .orElse(0);
        double[] powers = new double[scores.length];
        double sum = 0;
        for (int index = 0; index < scores.length; index++) {
            powers[index] = Math.exp(scores[index] - highest);
            sum += Double.isNaN(powers[index]) ? 0 : powers[index];
        }
        for (int index = 0; index < powers.length; index++) {
            powers[index] /= sum;
        }
        return powers;
    }
}
