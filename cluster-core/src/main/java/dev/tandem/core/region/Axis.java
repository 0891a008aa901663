package dev.tandem.core.region;

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

    /** The axis of a dimension; dimensions beyond the fourth have none and are always whole. */
    public static Optional<Axis> of(int dimension) {
        return dimension < BY_DIMENSION.length ? Optional.of(BY_DIMENSION[dimension]) : Optional.empty();
    }
}
