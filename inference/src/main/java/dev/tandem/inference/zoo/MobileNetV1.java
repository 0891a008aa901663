package dev.tandem.inference.zoo;

import java.util.List;

/**
 * MobileNetV1 (Howard et al. 2017, arXiv:1704.04861) as in TensorFlow slim: SAME pads, which are asymmetric at stride 2,
 * and ReLU6.
 *
 * @param widthMultiplier scales the channels of every layer
 */
record MobileNetV1(double widthMultiplier) implements Architecture {

    private static final int CLASSES = 1000;
    private static final int NARROWEST = 8;
    private static final List<Integer> CHANNELS =
            List.of(64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024);
    private static final List<Integer> STRIDES = List.of(1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1);

    @Override
    public Value build(GraphBuilder graph, Value image) {
        Value x = graph.convBatchNorm("conv0", image, ConvSpec.of(width(32), window(image, 2)), Activation.RELU6);
        for (int i = 0; i < CHANNELS.size(); i++) {
            String prefix = "conv" + (i + 1);
            ConvSpec depthwise = ConvSpec.depthwise(x.channels(), window(x, STRIDES.get(i)));
            x = graph.convBatchNorm(prefix + ".depthwise", x, depthwise, Activation.RELU6);
            ConvSpec pointwise = ConvSpec.pointwise(width(CHANNELS.get(i)));
            x = graph.convBatchNorm(prefix + ".pointwise", x, pointwise, Activation.RELU6);
        }
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classifier", x, CLASSES);
    }

    private int width(int channels) {
        return Math.max((int) (channels * widthMultiplier), NARROWEST);
    }

    private static Window window(Value in, int stride) {
        return Window.of(3).withStride(stride).paddedLikeTensorFlow(in.height(), in.width());
    }
}
