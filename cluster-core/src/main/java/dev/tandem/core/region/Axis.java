package dev.tandem.core.region;

import dev.tandem.core.graph.TensorSpec;
import java.util.Locale;
import java.util.Optional;

/** The axes along which a tensor can be divided. */
public enum Axis {
    BATCH(0),
    CHANNELS(1),
    ROWS(2),
    COLUMNS(3);

    private static final Axis[] BY_DIMENSION = values();

    private final int dimension;

    Axis(int dimension) {
        this.dimension = dimension;
    }

    /** Index of this axis in a feature map's shape. */
    public int dimension() {
        return dimension;
    }

    /**
     * Extent of a tensor along this axis where there is something to divide: more than one, and, for rows and columns, of a
     * feature map. 0 otherwise.
     */
    public int divisible(TensorSpec tensor) {
        boolean is = isSpatial() ? tensor.isFeatureMap() : tensor.rank() > dimension;
        int extent = is ? tensor.shape().get(dimension) : 0;
        return extent > 1 ? extent : 0;
    }

    /** Whether it is one of the two along which windows slide. */
    public boolean isSpatial() {
        return this == ROWS || this == COLUMNS;
    }

    /** In words, as of several: "rows". */
    public String words() {
        return this == BATCH ? "the batch" : name().toLowerCase(Locale.ROOT);
    }

    /** The axis of a dimension; dimensions beyond the fourth have none and are always whole. */
    public static Optional<Axis> of(int dimension) {
        return dimension < BY_DIMENSION.length ? Optional.of(BY_DIMENSION[dimension]) : Optional.empty();
    }
}
