package dev.tandem.inference.zoo;

import java.util.List;

/**
 * ResNet (He et al. 2015, arXiv:1512.03385) with the stride in the 3x3 convolution of a bottleneck, as torchvision has it.
 *
 * @param hasBottlenecks blocks of 1x1, 3x3 and 1x1 convolutions instead of two 3x3
 * @param blocksPerStage four counts
 */
record ResNet(boolean hasBottlenecks, List<Integer> blocksPerStage) implements Architecture {

    private static final int CLASSES = 1000;
    private static final int EXPANSION = 4;

    @Override
    public Value build(GraphBuilder graph, Value image) {
        Value x =
                graph.conv("conv1", image, ConvSpec.of(64, Window.of(7).padded().withStride(2)));
        x = graph.relu("relu", graph.batchNorm("bn1", x));
        x = graph.maxPool("maxpool", x, Window.of(3).padded().withStride(2));
        for (int stage = 0; stage < blocksPerStage.size(); stage++) {
            for (int block = 0; block < blocksPerStage.get(stage); block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = block(graph, "layer" + (stage + 1) + "." + block, x, 64 << stage, stride);
            }
        }
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("fc", x, CLASSES);
    }

    private Value block(GraphBuilder graph, String prefix, Value in, int width, int stride) {
        Value branch =
                hasBottlenecks ? bottleneck(graph, prefix, in, width, stride) : basic(graph, prefix, in, width, stride);
        Value shortcut = in;
        if (stride > 1 || in.channels() != branch.channels()) {
            ConvSpec conv = ConvSpec.of(branch.channels(), Window.of(1).withStride(stride));
            shortcut = graph.batchNorm(prefix + ".downsample.1", graph.conv(prefix + ".downsample.0", in, conv));
        }
        return graph.relu(prefix + ".relu", graph.add(prefix + ".add", branch, shortcut));
    }

    static Value basic(GraphBuilder graph, String prefix, Value in, int width, int stride) {
        Window window = Window.of(3).padded();
        Value x = graph.conv(prefix + ".conv1", in, ConvSpec.of(width, window.withStride(stride)));
        x = graph.relu(prefix + ".relu1", graph.batchNorm(prefix + ".bn1", x));
        return graph.batchNorm(prefix + ".bn2", graph.conv(prefix + ".conv2", x, ConvSpec.of(width, window)));
    }

    private static Value bottleneck(GraphBuilder graph, String prefix, Value in, int width, int stride) {
        Value x = graph.conv(prefix + ".conv1", in, ConvSpec.pointwise(width));
        x = graph.relu(prefix + ".relu1", graph.batchNorm(prefix + ".bn1", x));
        x = graph.conv(
                prefix + ".conv2", x, ConvSpec.of(width, Window.of(3).padded().withStride(stride)));
        x = graph.relu(prefix + ".relu2", graph.batchNorm(prefix + ".bn2", x));
        x = graph.conv(prefix + ".conv3", x, ConvSpec.pointwise(EXPANSION * width));
        return graph.batchNorm(prefix + ".bn3", x);
    }
}
