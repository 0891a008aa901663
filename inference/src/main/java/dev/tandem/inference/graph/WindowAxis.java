package dev.tandem.inference.graph;

/**
 * A sliding window along one axis of a feature map, as its operator's attributes declare it: the one place that knows
 * ONNX's automatic padding.
 *
 * @param padBegin elements before the first one
 * @param padEnd elements after the last one, as declared: {@code ceil_mode} may reach further, and windows may end earlier
 */
public record WindowAxis(int kernel, int stride, int dilation, int padBegin, int padEnd) {
    /** The axes of windows over feature maps. */
    public static final int ROWS = 0;

    public static final int COLUMNS = 1;

    /**
     * Reads the attributes of a convolution or a pool.
     *
     * @param axis {@link #ROWS} or {@link #COLUMNS}
     * @param extent of the input along it
     */
    public static WindowAxis of(NodeAttributes attributes, int axis, int kernel, int extent) {
        int stride = attributes.integer("strides", axis, 1);
        int dilation = attributes.integer("dilations", axis, 1);
        int total = automaticPadding(extent, (kernel - 1) * dilation + 1, stride);
        // The odd element goes last for SAME_UPPER, first for SAME_LOWER.
        return switch (attributes.text("auto_pad", "NOTSET")) {
            case "SAME_UPPER" -> new WindowAxis(kernel, stride, dilation, total / 2, total - total / 2);
            case "SAME_LOWER" -> new WindowAxis(kernel, stride, dilation, total - total / 2, total / 2);
            case "VALID" -> new WindowAxis(kernel, stride, dilation, 0, 0);
            default ->
                new WindowAxis(
                        kernel,
                        stride,
                        dilation,
                        attributes.integer("pads", axis, 0),
                        attributes.integer("pads", axis + 2, 0));
        };
    }

    /** ONNX: there are ceil(extent / stride) windows, and padding is what they then lack. */
    private static int automaticPadding(int extent, int span, int stride) {
        return Math.max(0, ((extent + stride - 1) / stride - 1) * stride + span - extent);
    }

    /** Extent of the dilated kernel. */
    public int span() {
        return (kernel - 1) * dilation + 1;
    }

    /** What so many windows cover, padding included. */
    public int covered(int windows) {
        return (windows - 1) * stride + span();
    }
}
