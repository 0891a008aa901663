package dev.tandem.inference.zoo;

import java.util.List;

/**
 * Inception v3 (Szegedy et al. 2015, arXiv:1512.00567) without the auxiliary head, which serves training only; layers named
 * as in torchvision.
 */
record InceptionV3() implements Architecture {

    private static final int CLASSES = 1000;
    private static final Window WIDE = Window.of(1, 7).padded();
    private static final Window TALL = Window.of(7, 1).padded();

    @Override
    public Value build(GraphBuilder graph, Value image) {
        InceptionLayers layers = new InceptionLayers(graph);
        Value x = layers.stem(image, "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1");
        x = layers.conv("Conv2d_3b_1x1", x, 80, Window.of(1));
        x = layers.conv("Conv2d_4a_3x3", x, 192, Window.of(3));
        x = layers.halvingPool("maxpool2", x);
        x = mixedA(layers, "Mixed_5b", x, 32);
        x = mixedA(layers, "Mixed_5c", x, 64);
        x = mixedA(layers, "Mixed_5d", x, 64);
        x = mixedB(layers, "Mixed_6a", x);
        x = mixedC(layers, "Mixed_6b", x, 128);
        x = mixedC(layers, "Mixed_6c", x, 160);
        x = mixedC(layers, "Mixed_6d", x, 160);
        x = mixedC(layers, "Mixed_6e", x, 192);
        x = mixedD(layers, "Mixed_7a", x);
        x = mixedE(layers, "Mixed_7b", x);
        x = mixedE(layers, "Mixed_7c", x);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("fc", x, CLASSES);
    }

    private static Value mixedA(InceptionLayers layers, String prefix, Value in, int poolChannels) {
        Window three = Window.of(3).padded();
        Value one = layers.conv(prefix + ".branch1x1", in, 64, Window.of(1));
        Value five = layers.conv(prefix + ".branch5x5_1", in, 48, Window.of(1));
        five = layers.conv(prefix + ".branch5x5_2", five, 64, Window.of(5).padded());
        Value twice = layers.conv(prefix + ".branch3x3dbl_1", in, 64, Window.of(1));
        twice = layers.conv(prefix + ".branch3x3dbl_2", twice, 96, three);
        twice = layers.conv(prefix + ".branch3x3dbl_3", twice, 96, three);
        Value pooled = pooled(layers, prefix, in, poolChannels);
        return layers.graph().concat(prefix + ".concat", List.of(one, five, twice, pooled));
    }

    private static Value mixedB(InceptionLayers layers, String prefix, Value in) {
        Window halving = Window.of(3).withStride(2);
        Value three = layers.conv(prefix + ".branch3x3", in, 384, halving);
        Value twice = layers.conv(prefix + ".branch3x3dbl_1", in, 64, Window.of(1));
        twice = layers.conv(prefix + ".branch3x3dbl_2", twice, 96, Window.of(3).padded());
        twice = layers.conv(prefix + ".branch3x3dbl_3", twice, 96, halving);
        Value pooled = layers.halvingPool(prefix + ".branch_pool.max", in);
        return layers.graph().concat(prefix + ".concat", List.of(three, twice, pooled));
    }

    private static Value mixedC(InceptionLayers layers, String prefix, Value in, int width) {
        Value one = layers.conv(prefix + ".branch1x1", in, 192, Window.of(1));
        Value seven = layers.conv(prefix + ".branch7x7_1", in, width, Window.of(1));
        seven = layers.conv(prefix + ".branch7x7_2", seven, width, WIDE);
        seven = layers.conv(prefix + ".branch7x7_3", seven, 192, TALL);
        Value twice = layers.conv(prefix + ".branch7x7dbl_1", in, width, Window.of(1));
        twice = layers.conv(prefix + ".branch7x7dbl_2", twice, width, TALL);
        twice = layers.conv(prefix + ".branch7x7dbl_3", twice, width, WIDE);
        twice = layers.conv(prefix + ".branch7x7dbl_4", twice, width, TALL);
        twice = layers.conv(prefix + ".branch7x7dbl_5", twice, 192, WIDE);
        Value pooled = pooled(layers, prefix, in, 192);
        return layers.graph().concat(prefix + ".concat", List.of(one, seven, twice, pooled));
    }

    private static Value mixedD(InceptionLayers layers, String prefix, Value in) {
        Window halving = Window.of(3).withStride(2);
        Value three = layers.conv(prefix + ".branch3x3_1", in, 192, Window.of(1));
        three = layers.conv(prefix + ".branch3x3_2", three, 320, halving);
        Value seven = layers.conv(prefix + ".branch7x7x3_1", in, 192, Window.of(1));
        seven = layers.conv(prefix + ".branch7x7x3_2", seven, 192, WIDE);
        seven = layers.conv(prefix + ".branch7x7x3_3", seven, 192, TALL);
        seven = layers.conv(prefix + ".branch7x7x3_4", seven, 192, halving);
        Value pooled = layers.halvingPool(prefix + ".branch_pool.max", in);
        return layers.graph().concat(prefix + ".concat", List.of(three, seven, pooled));
    }

    private static Value mixedE(InceptionLayers layers, String prefix, Value in) {
        Value one = layers.conv(prefix + ".branch1x1", in, 320, Window.of(1));
        Value three = layers.conv(prefix + ".branch3x3_1", in, 384, Window.of(1));
        three = forked(layers, prefix + ".branch3x3_2", three);
        Value twice = layers.conv(prefix + ".branch3x3dbl_1", in, 448, Window.of(1));
        twice = layers.conv(prefix + ".branch3x3dbl_2", twice, 384, Window.of(3).padded());
        twice = forked(layers, prefix + ".branch3x3dbl_3", twice);
        Value pooled = pooled(layers, prefix, in, 192);
        return layers.graph().concat(prefix + ".concat", List.of(one, three, twice, pooled));
    }

    private static Value forked(InceptionLayers layers, String prefix, Value in) {
        Value wide = layers.conv(prefix + "a", in, 384, Window.of(1, 3).padded());
        Value tall = layers.conv(prefix + "b", in, 384, Window.of(3, 1).padded());
        return layers.graph().concat(prefix + ".concat", List.of(wide, tall));
    }

    private static Value pooled(InceptionLayers layers, String prefix, Value in, int channels) {
        Value average = layers.graph()
                .averagePool(prefix + ".branch_pool.avg", in, Window.of(3).padded(), true);
        return layers.conv(prefix + ".branch_pool", average, channels, Window.of(1));
    }
}
