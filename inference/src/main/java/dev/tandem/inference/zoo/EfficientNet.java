package dev.tandem.inference.zoo;

import java.util.List;

/**
 * EfficientNet of width 1.0 (Tan and Le 2019, arXiv:1905.11946, table 1), pads as in torchvision.
 *
 * @param depthMultiplier scales the number of blocks of each stage: 1.0 is B0, 1.1 is B1
 */
record EfficientNet(double depthMultiplier) implements Architecture {

    private record Stage(int expansion, int kernel, int stride, int channels, int blocks) {}

    private static final int CLASSES = 1000;
    private static final int SQUEEZE_RATIO = 4;
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 3, 1, 16, 1),
            new Stage(6, 3, 2, 24, 2),
            new Stage(6, 5, 2, 40, 2),
            new Stage(6, 3, 2, 80, 3),
            new Stage(6, 5, 1, 112, 3),
            new Stage(6, 5, 2, 192, 4),
            new Stage(6, 3, 1, 320, 1));

    @Override
    public Value build(GraphBuilder graph, Value image) {
        ConvSpec stem = ConvSpec.of(32, Window.of(3).padded().withStride(2));
        Value x = graph.convBatchNorm("features.0", image, stem, Activation.SWISH);
        for (int i = 0; i < STAGES.size(); i++) {
            Stage stage = STAGES.get(i);
            int blocks = (int) Math.ceil(stage.blocks() * depthMultiplier);
            for (int block = 0; block < blocks; block++) {
                int stride = block == 0 ? stage.stride() : 1;
                x = residual(stage, stride, x.channels()).apply(graph, "features." + (i + 1) + "." + block, x);
            }
        }
        x = graph.convBatchNorm("features.8", x, ConvSpec.pointwise(1280), Activation.SWISH);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classifier", x, CLASSES);
    }

    private static InvertedResidual residual(Stage stage, int stride, int inChannels) {
        Window window = Window.of(stage.kernel()).padded().withStride(stride);
        SqueezeExcite squeeze = new SqueezeExcite(inChannels / SQUEEZE_RATIO, Activation.SWISH, Activation.SIGMOID);
        return new InvertedResidual(
                window, stage.expansion() * inChannels, stage.channels(), Activation.SWISH, squeeze);
    }
}
