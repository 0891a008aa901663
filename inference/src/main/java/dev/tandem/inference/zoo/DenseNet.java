package dev.tandem.inference.zoo;

import java.util.ArrayList;
import java.util.List;

/**
 * DenseNet (Huang et al. 2016, arXiv:1608.06993) with growth 32 and bottlenecks, as torchvision has it: each layer joins
 * all earlier maps of its block anew, as exporters write it.
 *
 * @param layersPerBlock four counts
 */
record DenseNet(List<Integer> layersPerBlock) implements Architecture {

    private static final int CLASSES = 1000;
    private static final int GROWTH = 32;
    private static final int BOTTLENECK = 4 * GROWTH;

    @Override
    public Value build(GraphBuilder graph, Value image) {
        Value x = graph.conv(
                "features.conv0", image, ConvSpec.of(64, Window.of(7).padded().withStride(2)));
        x = graph.relu("features.relu0", graph.batchNorm("features.norm0", x));
        x = graph.maxPool("features.pool0", x, Window.of(3).padded().withStride(2));
        for (int block = 1; block <= layersPerBlock.size(); block++) {
            x = denseBlock(graph, "features.denseblock" + block, x, layersPerBlock.get(block - 1));
            if (block < layersPerBlock.size()) {
                x = transition(graph, "features.transition" + block, x);
            }
        }
        x = graph.relu("features.relu5", graph.batchNorm("features.norm5", x));
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classifier", x, CLASSES);
    }

    private static Value denseBlock(GraphBuilder graph, String prefix, Value in, int layers) {
        List<Value> maps = new ArrayList<>(List.of(in));
        for (int layer = 1; layer <= layers; layer++) {
            maps.add(denseLayer(graph, prefix + ".denselayer" + layer, maps));
        }
        return graph.concat(prefix + ".concat", maps);
    }

    private static Value denseLayer(GraphBuilder graph, String prefix, List<Value> maps) {
        Value x = maps.size() == 1 ? maps.get(0) : graph.concat(prefix + ".concat", maps);
        x = graph.relu(prefix + ".relu1", graph.batchNorm(prefix + ".norm1", x));
        x = graph.conv(prefix + ".conv1", x, ConvSpec.pointwise(BOTTLENECK));
        x = graph.relu(prefix + ".relu2", graph.batchNorm(prefix + ".norm2", x));
        return graph.conv(prefix + ".conv2", x, ConvSpec.of(GROWTH, Window.of(3).padded()));
    }

    private static Value transition(GraphBuilder graph, String prefix, Value in) {
        Value x = graph.relu(prefix + ".relu", graph.batchNorm(prefix + ".norm", in));
        x = graph.conv(prefix + ".conv", x, ConvSpec.pointwise(in.channels() / 2));
        return graph.averagePool(prefix + ".pool", x, Window.of(2).withStride(2), false);
    }
}
