package dev.tandem.inference.onnx;

/**
 * What a folded package depends on beside the model itself.
 *
 * @param dimensions values for dynamic dimensions
 */
public record FoldOptions(DimensionValues dimensions) {

    public static final FoldOptions DEFAULTS = new FoldOptions(DimensionValues.DEFAULTS);
}
