package dev.tandem.inference.zoo;

/**
 * Vision transformer with a class token and learnt positions (Dosovitskiy et al. 2020, arXiv:2010.11929), layers named as
 * in timm. The number of positions follows the resolution, which must be a multiple of the patch.
 */
record VisionTransformer(int patch, int features, int depth, int heads) implements Architecture {

    private static final int CLASSES = 1000;
    private static final int WIDENING = 4;

    @Override
    public Value build(GraphBuilder graph, Value image) {
        requireWholePatches(image.height());
        TransformerLayers layers = new TransformerLayers(graph);
        Window window = Window.of(patch).withStride(patch);
        Value x = graph.conv(
                "patch_embed.proj", image, ConvSpec.of(features, window).withBias());
        x = layers.prependToken("cls_token", layers.tokens("patch_embed", x));
        x = layers.addPositions("pos_embed", x);
        for (int i = 0; i < depth; i++) {
            x = block(graph, layers, "blocks." + i, x);
        }
        x = layers.firstToken("cls", layers.layerNorm("norm", x));
        return graph.dense("head", x, CLASSES);
    }

    private Value block(GraphBuilder graph, TransformerLayers layers, String prefix, Value in) {
        Value attended = layers.attention(prefix + ".attn", layers.layerNorm(prefix + ".norm1", in), heads);
        Value x = graph.add(prefix + ".add1", in, attended);
        Value hidden =
                layers.linear(prefix + ".mlp.fc1", layers.layerNorm(prefix + ".norm2", x), (long) WIDENING * features);
        hidden = graph.activate(prefix + ".mlp.gelu", hidden, Activation.GELU);
        return graph.add(prefix + ".add2", x, layers.linear(prefix + ".mlp.fc2", hidden, features));
    }

    private void requireWholePatches(int resolution) {
        if (resolution % patch != 0) {
            throw new IllegalArgumentException("resolution (" + resolution + ") must be a multiple of the patch of "
                    + patch + " pixels. Maybe use " + Math.max(patch, resolution / patch * patch) + ".");
        }
    }
}
