package dev.tandem.inference.zoo;

import org.jspecify.annotations.Nullable;

/**
 * The block of MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) and its heirs: widen, filter each channel, weigh the
 * channels (where {@code squeeze} is given), narrow without activation; with a skip where the shape stays.
 */
record InvertedResidual(
        Window window, int expanded, int channels, Activation activation, @Nullable SqueezeExcite squeeze) {

    Value apply(GraphBuilder graph, String prefix, Value in) {
        Value x = in;
        if (expanded != in.channels()) {
            x = graph.convBatchNorm(prefix + ".expand", x, ConvSpec.pointwise(expanded), activation);
        }
        x = graph.convBatchNorm(prefix + ".depthwise", x, ConvSpec.depthwise(expanded, window), activation);
        if (squeeze != null) {
            x = squeeze.apply(graph, prefix + ".se", x);
        }
        x = graph.convBatchNorm(prefix + ".project", x, ConvSpec.pointwise(channels), Activation.IDENTITY);
        return x.shape().equals(in.shape()) ? graph.add(prefix + ".add", x, in) : x;
    }
}
