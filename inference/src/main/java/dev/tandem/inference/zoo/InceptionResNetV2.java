package dev.tandem.inference.zoo;

import java.util.ArrayList;
import java.util.List;

/**
 * Inception-ResNet-v2 (Szegedy et al. 2016, arXiv:1602.07261) without the auxiliary head; layers named as in timm, average
 * pooling without counting the pads.
 */
record InceptionResNetV2() implements Architecture {

    private static final int CLASSES = 1000;
    private static final Window ONE = Window.of(1);
    private static final Window THREE = Window.of(3).padded();
    private static final Window HALVING = Window.of(3).withStride(2);

    /** One convolution of a branch. */
    private record Step(int channels, Window window) {}

    @Override
    public Value build(GraphBuilder graph, Value image) {
        InceptionLayers layers = new InceptionLayers(graph);
        Value x = layers.stem(image, "conv2d_1a", "conv2d_2a", "conv2d_2b", "maxpool_3a");
        x = layers.conv("conv2d_3b", x, 80, ONE);
        x = layers.conv("conv2d_4a", x, 192, Window.of(3));
        x = layers.halvingPool("maxpool_5a", x);
        x = mixed5b(layers, x);
        x = repeated(layers, "repeat", 10, x, 0.17f, branches35());
        x = mixed6a(layers, x);
        x = repeated(layers, "repeat_1", 20, x, 0.10f, branches17());
        x = mixed7a(layers, x);
        x = repeated(layers, "repeat_2", 9, x, 0.20f, branches8());
        x = residual(layers, "block8", x, 1, branches8());
        x = layers.conv("conv2d_7b", x, 1536, ONE);
        x = graph.flatten("flatten", graph.globalAveragePool("avgpool", x));
        return graph.dense("classif", x, CLASSES);
    }

    private static Value mixed5b(InceptionLayers layers, Value in) {
        List<Value> parts = branches(
                layers,
                "mixed_5b",
                in,
                List.of(
                        List.of(new Step(96, ONE)),
                        List.of(new Step(48, ONE), new Step(64, Window.of(5).padded())),
                        List.of(new Step(64, ONE), new Step(96, THREE), new Step(96, THREE))));
        Value pooled = layers.graph().averagePool("mixed_5b.branch3.avg", in, THREE, false);
        parts.add(layers.conv("mixed_5b.branch3", pooled, 64, ONE));
        return layers.graph().concat("mixed_5b.concat", parts);
    }

    private static Value mixed6a(InceptionLayers layers, Value in) {
        List<List<Step>> branches = List.of(
                List.of(new Step(384, HALVING)),
                List.of(new Step(256, ONE), new Step(256, THREE), new Step(384, HALVING)));
        return reduction(layers, "mixed_6a", in, branches);
    }

    private static Value mixed7a(InceptionLayers layers, Value in) {
        List<List<Step>> branches = List.of(
                List.of(new Step(256, ONE), new Step(384, HALVING)),
                List.of(new Step(256, ONE), new Step(288, HALVING)),
                List.of(new Step(256, ONE), new Step(288, THREE), new Step(320, HALVING)));
        return reduction(layers, "mixed_7a", in, branches);
    }

    private static List<List<Step>> branches35() {
        return List.of(
                List.of(new Step(32, ONE)),
                List.of(new Step(32, ONE), new Step(32, THREE)),
                List.of(new Step(32, ONE), new Step(48, THREE), new Step(64, THREE)));
    }

    private static List<List<Step>> branches17() {
        Step wide = new Step(160, Window.of(1, 7).padded());
        Step tall = new Step(192, Window.of(7, 1).padded());
        return List.of(List.of(new Step(192, ONE)), List.of(new Step(128, ONE), wide, tall));
    }

    private static List<List<Step>> branches8() {
        Step wide = new Step(224, Window.of(1, 3).padded());
        Step tall = new Step(256, Window.of(3, 1).padded());
        return List.of(List.of(new Step(192, ONE)), List.of(new Step(192, ONE), wide, tall));
    }

    private static Value reduction(InceptionLayers layers, String prefix, Value in, List<List<Step>> branches) {
        List<Value> parts = branches(layers, prefix, in, branches);
        parts.add(layers.halvingPool(prefix + ".branch" + branches.size(), in));
        return layers.graph().concat(prefix + ".concat", parts);
    }

    private static Value repeated(
            InceptionLayers layers, String prefix, int times, Value in, float scale, List<List<Step>> branches) {
        Value x = in;
        for (int i = 0; i < times; i++) {
            String block = prefix + "." + i;
            x = layers.graph().relu(block + ".relu", residual(layers, block, x, scale, branches));
        }
        return x;
    }

    private static Value residual(
            InceptionLayers layers, String prefix, Value in, float scale, List<List<Step>> branches) {
        GraphBuilder graph = layers.graph();
        Value x = graph.concat(prefix + ".concat", branches(layers, prefix, in, branches));
        x = graph.conv(prefix + ".conv2d", x, ConvSpec.pointwise(in.channels()).withBias());
        Value scaled = scale == 1 ? x : graph.scale(prefix + ".scale", x, scale);
        return graph.add(prefix + ".add", scaled, in);
    }

    private static List<Value> branches(InceptionLayers layers, String prefix, Value in, List<List<Step>> branches) {
        List<Value> parts = new ArrayList<>();
        for (int branch = 0; branch < branches.size(); branch++) {
            List<Step> steps = branches.get(branch);
            Value x = in;
            for (int i = 0; i < steps.size(); i++) {
                String name = prefix + ".branch" + branch + "." + i;
                x = layers.conv(name, x, steps.get(i).channels(), steps.get(i).window());
            }
            parts.add(x);
        }
        return parts;
    }
}
