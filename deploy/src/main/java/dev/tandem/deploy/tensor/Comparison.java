package dev.tandem.deploy.tensor;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a tensor is from the one that was expected.
 *
 * @param maxAbsError largest difference of two elements; 0 where both are equal, infinities included
 * @param maxRelError {@code maxAbsError} as a share of the expected tensor's range (largest minus smallest finite
 *     element, at least a hundredth of the largest magnitude, and 0.005 where all lie between 0 and 1)
 * @param problem why the tensors cannot be equal whatever the numbers say, such as another shape or a NaN in one only
 */
public record Comparison(double maxAbsError, double maxRelError, Optional<String> problem) {

    /** Float32 has steps of 1e-7 of a magnitude. */
    private static final double LEAST_RANGE = 0.01;

    /** ONNX Runtime computes a sigmoid around one half, in steps of 2^-24, however small the result is. */
    private static final double LEAST_OF_SHARES = 0.005;

    /** No difference at all. */
    public static final Comparison EQUAL = new Comparison(0, 0, Optional.empty());

    /** Compares element by element; in a tensor that is not of floating point any difference at all is a problem. */
    public static Comparison of(TensorValue expected, TensorValue actual) {
        if (expected.spec().type() != actual.spec().type()
                || !expected.spec().shape().equals(actual.spec().shape())) {
            return unlike("is " + describe(actual) + " instead of " + describe(expected));
        }
        if (expected.buffer().equals(actual.buffer())) {
            return EQUAL;
        }
        Comparison differences = elements(expected, actual);
        boolean hasTolerance = expected.spec().type().isFloating();
        return hasTolerance ? differences : differences.with("differs, and its type allows no tolerance");
    }

    /** The worst of all tensors, matched by name. */
    public static Comparison ofAll(Map<String, TensorValue> expected, Map<String, TensorValue> actual) {
        if (!expected.keySet().equals(actual.keySet())) {
            return unlike("outputs are " + actual.keySet() + " instead of " + expected.keySet());
        }
        Comparison worst = EQUAL;
        for (Map.Entry<String, TensorValue> output : expected.entrySet()) {
            worst = worst.worst(of(output.getValue(), Objects.requireNonNull(actual.get(output.getKey()))));
        }
        return worst;
    }

    /** The worse of both in every respect. */
    public Comparison worst(Comparison other) {
        return new Comparison(
                Math.max(maxAbsError, other.maxAbsError),
                Math.max(maxRelError, other.maxRelError),
                problem.or(other::problem));
    }

    /**
     * Whether the difference is within the tolerance.
     *
     * @param tolerance share of the range; 0 demands equality
     */
    public boolean isWithin(double tolerance) {
        return problem.isEmpty() && maxRelError <= tolerance;
    }

    private static Comparison elements(TensorValue expected, TensorValue actual) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double worst = 0;
        for (int index = 0; index < expected.size(); index++) {
            double want = expected.element(index);
            double have = actual.element(index);
            if (Double.isFinite(want)) {
                low = Math.min(low, want);
                high = Math.max(high, want);
            }
            if (Double.isNaN(want) != Double.isNaN(have)) {
                return unlike("element " + index + " is " + have + " instead of " + want);
            }
            worst = Math.max(worst, difference(want, have));
        }
        return new Comparison(worst, worst == 0 ? 0 : worst / range(low, high), Optional.empty());
    }

    private Comparison with(String text) {
        return new Comparison(maxAbsError, maxRelError, problem.or(() -> Optional.of(text)));
    }

    private static double difference(double want, double have) {
        boolean same = want == have || (Double.isNaN(want) && Double.isNaN(have));
        return same ? 0 : Math.abs(want - have);
    }

    private static double range(double low, double high) {
        if (low > high) {
            return 1;
        }
        double magnitude = Math.max(Math.abs(low), Math.abs(high));
        double least = low >= 0 && high <= 1 ? LEAST_OF_SHARES : magnitude * LEAST_RANGE;
        return Math.max(Math.max(high - low, least), Double.MIN_NORMAL);
    }

    private static Comparison unlike(String problem) {
        return new Comparison(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Optional.of(problem));
    }

    private static String describe(TensorValue tensor) {
        return tensor.spec().type() + " " + tensor.spec().shape();
    }
}
