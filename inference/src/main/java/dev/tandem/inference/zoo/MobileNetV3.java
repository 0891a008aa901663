package dev.tandem.inference.zoo;

import java.util.List;

/** MobileNetV3-Large (Howard et al. 2019, arXiv:1905.02244, table 1), pads and squeezed widths as in torchvision. */
record MobileNetV3() implements Architecture {

    private record Block(int kernel, int expanded, int channels, boolean squeezes, Activation activation, int stride) {}

    private static final int CLASSES = 1000;
    private static final Activation RE = Activation.RELU;
    private static final Activation HS = Activation.HARD_SWISH;
    private static final List<Block> BLOCKS = List.of(
            new Block(3, 16, 16, false, RE, 1),
            new Block(3, 64, 24, false, RE, 2),
            new Block(3, 72, 24, false, RE, 1),
            new Block(5, 72, 40, true, RE, 2),
            new Block(5, 120, 40, true, RE, 1),
            new Block(5, 120, 40, true, RE, 1),
            new Block(3, 240, 80, false, HS, 2),
            new Block(3, 200, 80, false, HS, 1),
            new Block(3, 184, 80, false, HS, 1),
            new Block(3, 184, 80, false, HS, 1),
            new Block(3, 480, 112, true, HS, 1),
            new Block(3, 672, 112, true, HS, 1),
            new Block(5, 672, 160, true, HS, 2),
            new Block(5, 960, 160, true, HS, 1),
            new Block(5, 960, 160, true, HS, 1));

    @Override
    public Value build(GraphBuilder graph, Value image) {
        ConvSpec stem = ConvSpec.of(16, Window.of(3).padded().withStride(2));
        Value x = graph.convBatchNorm("features.0", image, stem, HS);
        for (int i = 0; i < BLOCKS.size(); i++) {
            x = residual(BLOCKS.get(i)).apply(graph, "features." + (i + 1), x);
        }
        x = graph.convBatchNorm("features." + (BLOCKS.size() + 1), x, ConvSpec.pointwise(960), HS);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        x = graph.activate("classifier.1", graph.dense("classifier.0", x, 1280), HS);
        return graph.dense("classifier.3", x, CLASSES);
    }

    private static InvertedResidual residual(Block block) {
        Window window = Window.of(block.kernel()).padded().withStride(block.stride());
        SqueezeExcite squeeze = block.squeezes()
                ? new SqueezeExcite(multipleOfEight(block.expanded() / 4), Activation.RELU, Activation.HARD_SIGMOID)
                : null;
        return new InvertedResidual(window, block.expanded(), block.channels(), block.activation(), squeeze);
    }

    /** The nearest multiple of 8, but never below nine tenths of the wanted width. */
    private static int multipleOfEight(int width) {
        int nearest = Math.max(8, (width + 4) / 8 * 8);
        return nearest < 0.9 * width ? nearest + 8 : nearest;
    }
}
