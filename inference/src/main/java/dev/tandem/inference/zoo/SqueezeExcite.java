package dev.tandem.inference.zoo;

/**
 * Squeeze-and-excitation (Hu et al. 2017, arXiv:1709.01507): channels are weighted by what their global averages say.
 *
 * @param channels width of the squeezed layer
 */
record SqueezeExcite(int channels, Activation activation, Activation gate) {

    Value apply(GraphBuilder graph, String prefix, Value in) {
        Value x = graph.globalAveragePool(prefix + ".avgpool", in);
        x = graph.conv(prefix + ".fc1", x, ConvSpec.pointwise(channels).withBias());
        x = graph.activate(prefix + "." + activation.label(), x, activation);
        x = graph.conv(prefix + ".fc2", x, ConvSpec.pointwise(in.channels()).withBias());
        x = graph.activate(prefix + "." + gate.label(), x, gate);
        return graph.gate(prefix + ".mul", in, x);
    }
}
