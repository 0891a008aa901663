package dev.tandem.inference.zoo;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Builds one ONNX graph, operator by operator, and keeps account of shapes, parameters and multiply-adds.
 *
 * <p>A node and the tensor it puts out share one name; a weight is called after its node ({@code layer1.0.conv1.weight}).
 * Weights are only recorded, not drawn. Windows that do not fit into their input, and joins of unequal shapes, are refused
 * with {@link IllegalArgumentException}. Not thread-safe; {@link #finish} ends its use.
 */
final class GraphBuilder {

    static final String INPUT = "input";
    static final String OUTPUT = "output";

    /** He-normal weights double the mean square, which ReLU then halves. */
    static final double HE_GAIN = 2;

    private static final double BIAS_RANGE = 0.05;
    private static final double STATISTICS_RANGE = 0.1;

    /** A little above 1, because gamma, beta and the statistics vary by their range r, each adding r²/3. */
    private static final Moments NORMALIZED = new Moments(0, 1 + 4 * STATISTICS_RANGE * STATISTICS_RANGE / 3);

    private final String name;
    private final float normalizationEpsilon;
    private final List<NodeProto.Builder> nodes = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private Value input = new Value(INPUT, List.of(), Moments.STANDARD);
    private long weightMultiplyAdds;
    private long attentionMultiplyAdds;

    GraphBuilder(String name, float normalizationEpsilon) {
        this.name = name;
        this.normalizationEpsilon = normalizationEpsilon;
    }

    /** Declares the graph's input: a normalised image batch. */
    Value image(int batch, int channels, int resolution) {
        input = new Value(INPUT, shape(batch, channels, resolution, resolution), Moments.STANDARD);
        return input;
    }

    /** He-normal kernel: standard deviation √(2 / fan-in) (He et al. 2015, arXiv:1502.01852, equation 10). */
    Value conv(String node, Value in, ConvSpec spec) {
        Window window = spec.window();
        int inPerGroup = in.channels() / spec.groups();
        List<Long> kernelShape = shape(spec.channels(), inPerGroup, window.kernelHeight(), window.kernelWidth());
        long fanIn = (long) inPerGroup * window.kernelHeight() * window.kernelWidth();
        Value out = windowed(node, in, window, spec.channels())
                .withMoments(in.moments().spreadBy(HE_GAIN));
        NodeProto.Builder proto = node("Conv", out, in.tensor(), weight(node + ".weight", kernelShape, he(fanIn)));
        if (spec.hasBias()) {
            proto.addInput(bias(node, spec.channels()));
        }
        windowAttributes(proto, window).addAttribute(Attributes.ints("dilations", List.of(1L, 1L)));
        proto.addAttribute(Attributes.integer("group", spec.groups()));
        weightMultiplyAdds += out.elements() * fanIn;
        return out;
    }

    /** Statistics as after training: drawn around what is expected of the input, so that the output has unit variance. */
    Value batchNorm(String node, Value in) {
        List<Long> shape = shape(in.channels());
        Moments expected = in.moments();
        double variance = expected.variance();
        Value out = in.withTensor(node).withMoments(NORMALIZED);
        node(
                        "BatchNormalization",
                        out,
                        in.tensor(),
                        weight(node + ".weight", shape, new Weight.Fill.Uniform(1, STATISTICS_RANGE)),
                        weight(node + ".bias", shape, new Weight.Fill.Uniform(0, STATISTICS_RANGE)),
                        statistic(
                                node + ".running_mean",
                                shape,
                                new Weight.Fill.Uniform(expected.mean(), STATISTICS_RANGE * Math.sqrt(variance))),
                        statistic(
                                node + ".running_var",
                                shape,
                                new Weight.Fill.Uniform(variance, STATISTICS_RANGE * variance)))
                .addAttribute(Attributes.real("epsilon", normalizationEpsilon));
        return out;
    }

    /** The nodes {@code prefix.conv}, {@code prefix.bn} and the activation's. */
    Value convBatchNorm(String prefix, Value in, ConvSpec spec, Activation activation) {
        Value normalized = batchNorm(prefix + ".bn", conv(prefix + ".conv", in, spec));
        return activation == Activation.IDENTITY
                ? normalized
                : activate(prefix + "." + activation.label(), normalized, activation);
    }

    Value relu(String node, Value in) {
        return activate(node, in, Activation.RELU);
    }

    Value activate(String node, Value in, Activation activation) {
        return activation.apply(this, node, in);
    }

    Value maxPool(String node, Value in, Window window) {
        Value out = windowed(node, in, window, in.channels());
        windowAttributes(node("MaxPool", out, in.tensor()), window);
        return out;
    }

    Value averagePool(String node, Value in, Window window, boolean countsPads) {
        Value out = windowed(node, in, window, in.channels());
        windowAttributes(node("AveragePool", out, in.tensor()), window)
                .addAttribute(Attributes.integer("count_include_pad", countsPads ? 1 : 0));
        return out;
    }

    Value globalAveragePool(String node, Value in) {
        Value out = new Value(
                node,
                List.of(in.shape().get(0), in.shape().get(1), 1L, 1L),
                in.moments().averaged());
        node("GlobalAveragePool", out, in.tensor());
        return out;
    }

    Value flatten(String node, Value in) {
        long batch = in.shape().get(0);
        Value out = new Value(node, List.of(batch, in.elements() / batch), in.moments());
        node("Flatten", out, in.tensor()).addAttribute(Attributes.integer("axis", 1));
        return out;
    }

    /** A fully connected layer with bias on a [batch, features] input, as Gemm. */
    Value dense(String node, Value in, int features) {
        long inFeatures = in.shape().get(1);
        Value out = new Value(
                node, List.of(in.shape().get(0), (long) features), in.moments().spreadBy(HE_GAIN));
        String kernel = weight(node + ".weight", List.of((long) features, inFeatures), he(inFeatures));
        node("Gemm", out, in.tensor(), kernel, bias(node, features)).addAttribute(Attributes.integer("transB", 1));
        weightMultiplyAdds += out.elements() * inFeatures;
        return out;
    }

    Value add(String node, Value left, Value right) {
        requireSameShape(node, left, right);
        Value out = left.withTensor(node).withMoments(left.moments().plus(right.moments()));
        node("Add", out, left.tensor(), right.tensor());
        return out;
    }

    /** Multiplies each channel by its gate of shape [batch, channels, 1, 1]. */
    Value gate(String node, Value in, Value gate) {
        Value out = in.withTensor(node).withMoments(in.moments().times(gate.moments()));
        node("Mul", out, in.tensor(), gate.tensor());
        return out;
    }

    Value scale(String node, Value in, float factor) {
        Value out = in.withTensor(node).withMoments(in.moments().times(factor));
        node("Mul", out, in.tensor(), constant(factor));
        return out;
    }

    /** Joins along the channels. */
    Value concat(String node, List<Value> parts) {
        Value out = parts.get(0).withTensor(node);
        for (Value part : parts.subList(1, parts.size())) {
            requireSameShape(node, out, withChannels(part, out.channels()));
            Moments moments = out.moments().joined(out.channels(), part.moments(), part.channels());
            out = withChannels(out, (long) out.channels() + part.channels()).withMoments(moments);
        }
        node("Concat", out, parts.stream().map(Value::tensor).toArray(String[]::new))
                .addAttribute(Attributes.integer("axis", 1));
        return out;
    }

    /** Ends the graph; {@code result} must be what the last node puts out, and is renamed to {@link #OUTPUT}. */
    BuiltGraph finish(Value result) {
        NodeProto.Builder last = nodes.get(nodes.size() - 1);
        if (!last.getOutput(0).equals(result.tensor())) {
            throw new IllegalStateException(
                    "result (" + result.tensor() + ") must be the output of the last node, " + last.getName() + ".");
        }
        last.setOutput(0, OUTPUT);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName(name)
                .addInput(declaration(input))
                .addOutput(declaration(result.withTensor(OUTPUT)))
                .addAllInitializer(constants.values());
        nodes.forEach(graph::addNode);
        return new BuiltGraph(graph.build(), weights, counts());
    }

    private ZooCounts counts() {
        long parameters = weights.stream()
                .filter(Weight::trainable)
                .mapToLong(Weight::elements)
                .sum();
        long bytes = weights.stream().mapToLong(Weight::bytes).sum();
        return new ZooCounts(parameters, weightMultiplyAdds, attentionMultiplyAdds, bytes);
    }

    /** Adds a node called after its output; more inputs, outputs and attributes may be added to what is returned. */
    NodeProto.Builder node(String operator, Value out, String... inputs) {
        return nodeWithoutOutput(operator, out.tensor(), inputs).addOutput(out.tensor());
    }

    NodeProto.Builder nodeWithoutOutput(String operator, String node, String... inputs) {
        NodeProto.Builder proto =
                NodeProto.newBuilder().setOpType(operator).setName(node).addAllInput(List.of(inputs));
        nodes.add(proto);
        return proto;
    }

    /** Records a trainable weight and returns its name. */
    String weight(String weight, List<Long> shape, Weight.Fill fill) {
        weights.add(new Weight(weight, shape, fill, true));
        return weight;
    }

    String bias(String layer, long features) {
        return weight(layer + ".bias", List.of(features), new Weight.Fill.Uniform(0, BIAS_RANGE));
    }

    static Weight.Fill he(long fanIn) {
        return new Weight.Fill.Normal(Math.sqrt(2.0 / fanIn));
    }

    /** A scalar constant, shared by all its users. */
    String constant(float value) {
        return shared(TensorProto.newBuilder()
                .setName("constant." + value)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addFloatData(value));
    }

    /** A scalar index, shared by all its users. */
    String constant(long value) {
        return shared(TensorProto.newBuilder()
                .setName("index." + value)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addInt64Data(value));
    }

    /** A shape, shared by all its users. */
    String constant(List<Long> values) {
        String label = values.stream().map(String::valueOf).collect(Collectors.joining("x"));
        return shared(TensorProto.newBuilder()
                .setName("shape." + label)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(values.size())
                .addAllInt64Data(values));
    }

    void countWeightMultiplyAdds(long count) {
        weightMultiplyAdds += count;
    }

    void countAttentionMultiplyAdds(long count) {
        attentionMultiplyAdds += count;
    }

    private String shared(TensorProto.Builder constant) {
        constants.putIfAbsent(constant.getName(), constant.build());
        return constant.getName();
    }

    private String statistic(String weight, List<Long> shape, Weight.Fill fill) {
        weights.add(new Weight(weight, shape, fill, false));
        return weight;
    }

    private static Value windowed(String node, Value in, Window window, int channels) {
        int height = window.outputHeight(in.height());
        int width = window.outputWidth(in.width());
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "%s: the input (%d x %d) must be at least as large as the window (%d x %d). Maybe use a greater resolution."
                            .formatted(node, in.height(), in.width(), window.kernelHeight(), window.kernelWidth()));
        }
        return new Value(node, List.of(in.shape().get(0), (long) channels, (long) height, (long) width), in.moments());
    }

    private static NodeProto.Builder windowAttributes(NodeProto.Builder proto, Window window) {
        return proto.addAttribute(Attributes.ints("kernel_shape", window.kernel()))
                .addAttribute(Attributes.ints("strides", window.strides()))
                .addAttribute(Attributes.ints("pads", window.pads()));
    }

    private static void requireSameShape(String node, Value left, Value right) {
        if (!left.shape().equals(right.shape())) {
            throw new IllegalArgumentException("%s: shape %s of %s must equal shape %s of %s."
                    .formatted(node, right.shape(), right.tensor(), left.shape(), left.tensor()));
        }
    }

    private static Value withChannels(Value value, long channels) {
        return value.withShape(List.of(
                value.shape().get(0),
                channels,
                value.shape().get(2),
                value.shape().get(3)));
    }

    private static List<Long> shape(long... dimensions) {
        return LongStream.of(dimensions).boxed().toList();
    }

    private static ValueInfoProto declaration(Value value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        value.shape().forEach(size -> shape.addDimBuilder().setDimValue(size));
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(value.tensor())
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }
}
