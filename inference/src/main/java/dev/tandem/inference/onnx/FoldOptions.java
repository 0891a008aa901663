package dev.tandem.inference.onnx;

/**
 * What a folded package depends on beside the model itself.
 *
 * @param dimensions values for dynamic dimensions
 * @param mostDenseBytes most weights of one dense layer; a larger one is divided into parts of at most so many, see
 *     {@link DividedLayer}
 */
public record FoldOptions(DimensionValues dimensions, long mostDenseBytes) {

    /**
     * A sixteenth of a node of 256 MiB: parts fill such a node to within that much, and a pipeline is balanced as finely as
     * it is by convolutions, of which none in common models is larger. Below it there is nothing to gain.
     */
    public static final long MOST_DENSE_BYTES = 16L << 20;

    public static final FoldOptions DEFAULTS = new FoldOptions(DimensionValues.DEFAULTS);

    public FoldOptions {
        if (mostDenseBytes < 1) {
            throw new IllegalArgumentException("mostDenseBytes (" + mostDenseBytes + ") must be at least 1");
        }
    }

    /** With dense layers divided above {@link #MOST_DENSE_BYTES}. */
    public FoldOptions(DimensionValues dimensions) {
        this(dimensions, MOST_DENSE_BYTES);
    }
}
