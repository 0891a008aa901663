package dev.tandem.inference.zoo;

import java.util.List;

/**
 * Tandem's own small model for demos and tests: it has what makes cutting interesting (residual blocks with and without a
 * projected shortcut, an Inception-like fork, a global pooling) in less than 1 MB of weights.
 */
record TandemMini() implements Architecture {

    private static final int CLASSES = 10;

    @Override
    public Value build(GraphBuilder graph, Value image) {
        Value x =
                graph.convBatchNorm("stem", image, ConvSpec.of(16, Window.of(3).padded()), Activation.RELU);
        x = residual(graph, "stage1.0", x, 16, 1);
        x = residual(graph, "stage1.1", x, 16, 1);
        x = residual(graph, "stage2.0", x, 32, 2);
        x = fork(graph, "stage2.fork", x);
        x = residual(graph, "stage3.0", x, 64, 2);
        x = residual(graph, "stage3.1", x, 64, 1);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classifier", x, CLASSES);
    }

    private static Value residual(GraphBuilder graph, String prefix, Value in, int width, int stride) {
        Value branch = ResNet.basic(graph, prefix, in, width, stride);
        Value shortcut = in;
        if (stride > 1) {
            ConvSpec conv = ConvSpec.of(width, Window.of(1).withStride(stride));
            shortcut = graph.convBatchNorm(prefix + ".shortcut", in, conv, Activation.IDENTITY);
        }
        return graph.relu(prefix + ".relu", graph.add(prefix + ".add", branch, shortcut));
    }

    private static Value fork(GraphBuilder graph, String prefix, Value in) {
        Window three = Window.of(3).padded();
        Value one = graph.convBatchNorm(prefix + ".branch1", in, ConvSpec.pointwise(16), Activation.RELU);
        Value wide = graph.convBatchNorm(prefix + ".branch2.0", in, ConvSpec.pointwise(16), Activation.RELU);
        wide = graph.convBatchNorm(prefix + ".branch2.1", wide, ConvSpec.of(32, three), Activation.RELU);
        Value pooled = graph.averagePool(prefix + ".branch3.avg", in, three, true);
        pooled = graph.convBatchNorm(prefix + ".branch3", pooled, ConvSpec.pointwise(16), Activation.RELU);
        return graph.concat(prefix + ".concat", List.of(one, wide, pooled));
    }
}
