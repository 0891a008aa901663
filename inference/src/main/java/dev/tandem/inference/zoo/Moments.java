package dev.tandem.inference.zoo;

import java.util.function.DoubleUnaryOperator;

/**
 * Rough expectation of a tensor's elements, as if they were normally distributed and tensors independent: enough to draw
 * BatchNorm statistics with which activations keep their range however deep the model is.
 *
 * @param mean of the elements
 * @param power mean square of the elements
 */
record Moments(double mean, double power) {

    /** Zero mean, unit variance. */
    static final Moments STANDARD = new Moments(0, 1);

    /** How far, in standard deviations, and how finely the normal distribution is sampled. */
    private static final int REACH = 5;

    private static final int STEPS_PER_DEVIATION = 8;

    double variance() {
        return Math.max(0, power - mean * mean);
    }

    /** What weights of zero mean leave: the signs cancel. */
    Moments spreadBy(double factor) {
        return new Moments(0, power * factor);
    }

    Moments plus(Moments other) {
        return new Moments(mean + other.mean, power + other.power + 2 * mean * other.mean);
    }

    Moments times(Moments other) {
        return new Moments(mean * other.mean, power * other.power);
    }

    Moments times(double factor) {
        return new Moments(mean * factor, power * factor * factor);
    }

    /** Averages over a large window lose some variance; neighbours are alike, so it is taken to be half of it. */
    Moments averaged() {
        return new Moments(mean, (power + mean * mean) / 2);
    }

    /** Both, joined, with these numbers of elements. */
    Moments joined(double elements, Moments other, double otherElements) {
        double share = elements / (elements + otherElements);
        return new Moments(share * mean + (1 - share) * other.mean, share * power + (1 - share) * other.power);
    }

    /** After an element-wise function, by summing over the sampled normal distribution. */
    Moments after(DoubleUnaryOperator function) {
        double deviation = Math.sqrt(variance());
        double weights = 0;
        double sum = 0;
        double squares = 0;
        for (int i = -REACH * STEPS_PER_DEVIATION; i <= REACH * STEPS_PER_DEVIATION; i++) {
            double z = (double) i / STEPS_PER_DEVIATION;
            // StrictMath: the weights of a file must not depend on the JVM's choice of instructions.
            double weight = StrictMath.exp(-z * z / 2);
            double value = function.applyAsDouble(mean + z * deviation);
            weights += weight;
            sum += weight * value;
            squares += weight * value * value;
        }
        return new Moments(sum / weights, squares / weights);
    }
}
