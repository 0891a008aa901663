package dev.tandem.inference.zoo;

import java.util.List;

/**
 * VGG without BatchNorm (Simonyan and Zisserman 2014, arXiv:1409.1556), layers numbered as in torchvision. The first dense
 * layer takes whatever the last pooling leaves, so its size follows the resolution.
 *
 * @param convolutionsPerStage five counts
 */
record Vgg(List<Integer> convolutionsPerStage) implements Architecture {

    private static final List<Integer> CHANNELS = List.of(64, 128, 256, 512, 512);
    private static final int HIDDEN = 4096;
    private static final int CLASSES = 1000;

    @Override
    public Value build(GraphBuilder graph, Value image) {
        Value x = image;
        int index = 0;
        for (int stage = 0; stage < CHANNELS.size(); stage++) {
            ConvSpec conv =
                    ConvSpec.of(CHANNELS.get(stage), Window.of(3).padded()).withBias();
            for (int i = 0; i < convolutionsPerStage.get(stage); i++) {
                x = graph.relu("features." + (index + 1), graph.conv("features." + index, x, conv));
                index += 2;
            }
            x = graph.maxPool("features." + index++, x, Window.of(2).withStride(2));
        }
        x = graph.flatten("flatten", x);
        x = graph.relu("classifier.1", graph.dense("classifier.0", x, HIDDEN));
        x = graph.relu("classifier.4", graph.dense("classifier.3", x, HIDDEN));
        return graph.dense("classifier.6", x, CLASSES);
    }
}
