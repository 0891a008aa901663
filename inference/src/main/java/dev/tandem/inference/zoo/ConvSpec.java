package dev.tandem.inference.zoo;

/** A convolution apart from its input: output channels, window, groups, and whether it adds a bias. */
record ConvSpec(int channels, Window window, int groups, boolean hasBias) {

    /** Dense over the channels, without bias. */
    static ConvSpec of(int channels, Window window) {
        return new ConvSpec(channels, window, 1, false);
    }

    static ConvSpec pointwise(int channels) {
        return of(channels, Window.of(1));
    }

    static ConvSpec depthwise(int channels, Window window) {
        return new ConvSpec(channels, window, channels, false);
    }

    ConvSpec withBias() {
        return new ConvSpec(channels, window, groups, true);
    }
}
