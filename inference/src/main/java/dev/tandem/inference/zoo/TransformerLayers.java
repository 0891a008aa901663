package dev.tandem.inference.zoo;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What transformers need beyond {@link GraphBuilder}; values are [batch, tokens, features] unless said otherwise. */
final class TransformerLayers {

    private static final float EPSILON = 1e-6f;

    private final GraphBuilder graph;

    TransformerLayers(GraphBuilder graph) {
        this.graph = graph;
    }

    /** A fully connected layer with bias over the last axis, as MatMul and Add. */
    Value linear(String prefix, Value in, long features) {
        long inFeatures = last(in);
        String kernel = graph.weight(prefix + ".weight", List.of(inFeatures, features), GraphBuilder.he(inFeatures));
        Value product = withLast(in, features)
                .withTensor(prefix + ".matmul")
                .withMoments(in.moments().spreadBy(GraphBuilder.HE_GAIN));
        graph.node("MatMul", product, in.tensor(), kernel);
        graph.countWeightMultiplyAdds(product.elements() * inFeatures);
        Value out = product.withTensor(prefix);
        graph.node("Add", out, product.tensor(), graph.bias(prefix, features));
        return out;
    }

    Value layerNorm(String node, Value in) {
        List<Long> shape = List.of(last(in));
        String gamma = graph.weight(node + ".weight", shape, new Weight.Fill.Uniform(1, 0.1));
        String beta = graph.weight(node + ".bias", shape, new Weight.Fill.Uniform(0, 0.1));
        Value out = in.withTensor(node).withMoments(Moments.STANDARD);
        graph.node("LayerNormalization", out, in.tensor(), gamma, beta)
                .addAttribute(Attributes.integer("axis", -1))
                .addAttribute(Attributes.real("epsilon", EPSILON));
        return out;
    }

    /** Scaled dot-product self-attention with its output projection (Vaswani et al. 2017, arXiv:1706.03762). */
    Value attention(String prefix, Value in, int heads) {
        long features = last(in);
        long perHead = features / heads;
        List<Value> parts = split(prefix, linear(prefix + ".qkv", in, 3 * features));
        Value query = heads(prefix + ".q", parts.get(0), heads, List.of(0, 2, 1, 3));
        Value keyTransposed = heads(prefix + ".k", parts.get(1), heads, List.of(0, 2, 3, 1));
        Value values = heads(prefix + ".v", parts.get(2), heads, List.of(0, 2, 1, 3));
        Value scaled = graph.scale(prefix + ".q.scaled", query, (float) (1 / Math.sqrt((double) perHead)));
        Value scores = matMul(prefix + ".scores", scaled, keyTransposed);
        Value mixed = matMul(prefix + ".mixed", softmax(prefix + ".softmax", scores), values);
        Value merged = transpose(prefix + ".merged", mixed, List.of(0, 2, 1, 3));
        return linear(
                prefix + ".proj", reshape(prefix + ".joined", merged, in.shape().get(1), features), features);
    }

    /** A feature map [batch, features, height, width] as one token per pixel. */
    Value tokens(String prefix, Value map) {
        Value rows = reshape(prefix + ".flatten", map, map.channels(), (long) map.height() * map.width());
        return transpose(prefix + ".transpose", rows, List.of(0, 2, 1));
    }

    /** Puts a learnt token, the same for every image, before the others. */
    Value prependToken(String name, Value tokens) {
        long batch = tokens.shape().get(0);
        Value token = new Value(
                graph.weight(name, List.of(1L, 1L, last(tokens)), new Weight.Fill.Normal(1)),
                List.of(batch, 1L, last(tokens)),
                Moments.STANDARD);
        String single = token.tensor();
        if (batch > 1) {
            token = token.withTensor(name + ".expand");
            graph.node("Expand", token, single, graph.constant(token.shape()));
        }
        Value out =
                new Value(name + ".concat", List.of(batch, tokens.shape().get(1) + 1, last(tokens)), tokens.moments());
        graph.node("Concat", out, token.tensor(), tokens.tensor()).addAttribute(Attributes.integer("axis", 1));
        return out;
    }

    /** Adds a learnt embedding of each position, the same for every image. */
    Value addPositions(String name, Value in) {
        String embedding = graph.weight(name, List.of(1L, in.shape().get(1), last(in)), new Weight.Fill.Normal(0.5));
        Value out = in.withTensor(name + ".add").withMoments(in.moments().plus(new Moments(0, 0.25)));
        graph.node("Add", out, in.tensor(), embedding);
        return out;
    }

    /** The first token alone: [batch, features]. */
    Value firstToken(String node, Value in) {
        Value out = new Value(node, List.of(in.shape().get(0), last(in)), in.moments());
        graph.node("Gather", out, in.tensor(), graph.constant(0L)).addAttribute(Attributes.integer("axis", 1));
        return out;
    }

    private List<Value> split(String prefix, Value in) {
        Value part = withLast(in, last(in) / 3);
        NodeProto.Builder node = graph.nodeWithoutOutput("Split", prefix + ".split", in.tensor())
                .addAttribute(Attributes.integer("axis", -1));
        List<Value> parts = new ArrayList<>();
        for (String label : List.of(".split.q", ".split.k", ".split.v")) {
            node.addOutput(prefix + label);
            parts.add(part.withTensor(prefix + label));
        }
        return parts;
    }

    /** [batch, tokens, features] as [batch, tokens, heads, features per head], then its axes in {@code order}. */
    private Value heads(String prefix, Value in, long heads, List<Integer> order) {
        Value divided = reshape(prefix + ".heads", in, in.shape().get(1), heads, last(in) / heads);
        return transpose(prefix + ".transpose", divided, order);
    }

    private Value matMul(String node, Value left, Value right) {
        Value out = withLast(left, last(right)).withTensor(node).withMoments(right.moments());
        graph.node("MatMul", out, left.tensor(), right.tensor());
        graph.countAttentionMultiplyAdds(out.elements() * last(left));
        return out;
    }

    private Value softmax(String node, Value in) {
        Value out = in.withTensor(node);
        graph.node("Softmax", out, in.tensor()).addAttribute(Attributes.integer("axis", -1));
        return out;
    }

    private Value transpose(String node, Value in, List<Integer> order) {
        Value out = new Value(node, order.stream().map(in.shape()::get).toList(), in.moments());
        graph.node("Transpose", out, in.tensor())
                .addAttribute(Attributes.ints(
                        "perm", order.stream().map(Integer::longValue).toList()));
        return out;
    }

    /** The batch dimension is copied (0), not written out, so that the batch can be divided later. */
    private Value reshape(String node, Value in, long... shapeWithoutBatch) {
        List<Long> target =
                new ArrayList<>(LongStream.of(shapeWithoutBatch).boxed().toList());
        target.add(0, 0L);
        List<Long> shape = new ArrayList<>(target);
        shape.set(0, in.shape().get(0));
        Value out = new Value(node, shape, in.moments());
        graph.node("Reshape", out, in.tensor(), graph.constant(target));
        return out;
    }

    private static long last(Value value) {
        return value.shape().get(value.shape().size() - 1);
    }

    private static Value withLast(Value value, long size) {
        List<Long> shape = new ArrayList<>(value.shape());
        shape.set(shape.size() - 1, size);
        return value.withShape(shape);
    }
}
