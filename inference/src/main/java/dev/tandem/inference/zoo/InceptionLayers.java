package dev.tandem.inference.zoo;

/** What the Inception family shares: convolution, BatchNorm and ReLU under one prefix, and the stem. */
record InceptionLayers(GraphBuilder graph) {

    Value conv(String prefix, Value in, int channels, Window window) {
        return graph.convBatchNorm(prefix, in, ConvSpec.of(channels, window), Activation.RELU);
    }

    Value halvingPool(String node, Value in) {
        return graph.maxPool(node, in, Window.of(3).withStride(2));
    }

    /** Three convolutions and a pooling that take a 299 x 299 image to 73 x 73, without pads where they shrink it. */
    Value stem(Value image, String first, String second, String third, String pool) {
        Value x = conv(first, image, 32, Window.of(3).withStride(2));
        x = conv(second, x, 32, Window.of(3));
        x = conv(third, x, 64, Window.of(3).padded());
        return halvingPool(pool, x);
    }
}
