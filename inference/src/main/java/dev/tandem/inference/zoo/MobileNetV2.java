package dev.tandem.inference.zoo;

import java.util.List;

/** MobileNetV2 at width 1.0 (Sandler et al. 2018, arXiv:1801.04381, table 2), pads as in torchvision. */
record MobileNetV2() implements Architecture {

    private record Stage(int expansion, int channels, int blocks, int stride) {}

    private static final int CLASSES = 1000;
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 16, 1, 1),
            new Stage(6, 24, 2, 2),
            new Stage(6, 32, 3, 2),
            new Stage(6, 64, 4, 2),
            new Stage(6, 96, 3, 1),
            new Stage(6, 160, 3, 2),
            new Stage(6, 320, 1, 1));

    @Override
    public Value build(GraphBuilder graph, Value image) {
        ConvSpec stem = ConvSpec.of(32, Window.of(3).padded().withStride(2));
        Value x = graph.convBatchNorm("features.0", image, stem, Activation.RELU6);
        int index = 1;
        for (Stage stage : STAGES) {
            for (int block = 0; block < stage.blocks(); block++) {
                x = block(stage, block == 0 ? stage.stride() : 1, x.channels()).apply(graph, "features." + index++, x);
            }
        }
        x = graph.convBatchNorm("features." + index, x, ConvSpec.pointwise(1280), Activation.RELU6);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classifier", x, CLASSES);
    }

    private static InvertedResidual block(Stage stage, int stride, int inChannels) {
        Window window = Window.of(3).padded().withStride(stride);
        return new InvertedResidual(window, stage.expansion() * inChannels, stage.channels(), Activation.RELU6, null);
    }
}
