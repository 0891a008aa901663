package dev.tandem.inference.zoo;

import java.util.List;

/**
 * A float tensor whose values are drawn when it is written.
 *
 * @param trainable whether published parameter counts include it
 */
record Weight(String name, List<Long> shape, Fill fill, boolean trainable) {

    /** From what the values are drawn, independently of each other. */
    sealed interface Fill {

        /** Bell-shaped around zero. */
        record Normal(double standardDeviation) implements Fill {}

        /** Even over [centre − halfWidth, centre + halfWidth). */
        record Uniform(double centre, double halfWidth) implements Fill {}
    }

    Weight {
        shape = List.copyOf(shape);
    }

    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    long bytes() {
        return elements() * Float.BYTES;
    }
}
