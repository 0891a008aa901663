package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.inference.graph.GraphTensors;
import dev.tandem.inference.graph.NodeAttributes;
import dev.tandem.inference.graph.NodeInputs;
import dev.tandem.inference.graph.OnnxTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Divides large dense layers, see {@link DividedLayer}: each Gemm, and each MatMul with a matrix of weights on its right,
 * whose weights are stored as the operator reads them and read by nothing else. Weights that are computed from others, such
 * as quantised ones, stay whole. Used for one graph by one thread.
 */
final class DenseDivision {
    /** Kernels compute so many output channels at a time. */
    private static final int CHANNELS = 16;

    private static final int WEIGHT = 1;
    private static final int BIAS = 2;

    private final GraphProto.Builder graph;
    private final WeightStore store;
    private final long mostBytes;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> nodeNames = new HashSet<>();
    private final Set<String> tensorNames = new HashSet<>();
    private final List<DividedLayer> divided = new ArrayList<>();

    private DenseDivision(GraphProto.Builder graph, WeightStore store, long mostBytes) {
        this.graph = graph;
        this.store = store;
        this.mostBytes = mostBytes;
        graph.getInitializerList().forEach(tensor -> constants.putIfAbsent(tensor.getName(), tensor));
        tensorNames.addAll(constants.keySet());
        for (NodeProto node : graph.getNodeList()) {
            NodeInputs.of(node).forEach(input -> readers.merge(input, 1, Integer::sum));
            nodeNames.add(node.getName());
            tensorNames.addAll(NodeInputs.of(node));
            tensorNames.addAll(node.getOutputList());
        }
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
    }

    /**
     * Divides what is larger than the bound.
     *
     * @param graph as the runtime saved it, every node with a name of its own
     * @param store takes the slices of the weights
     * @param mostBytes most weights of a dense layer
     */
    static List<DividedLayer> divide(GraphProto.Builder graph, WeightStore store, long mostBytes) {
        DenseDivision division = new DenseDivision(graph, store, mostBytes);
        List<NodeProto> nodes = List.copyOf(graph.getNodeList());
        graph.clearNode();
        nodes.forEach(division::add);
        division.dropUnread();
        return List.copyOf(division.divided);
    }

    /** A layer, and along which axis of its weights the output channels lie. */
    private record Dense(NodeProto node, TensorProto weight, int channelAxis, @Nullable TensorProto bias) {
        long channels() {
            return weight.getDims(channelAxis);
        }

        long bytes() {
            return OnnxTypes.storedBytes(weight);
        }
    }

    private void add(NodeProto node) {
        TensorProto weight = node.getInputCount() > WEIGHT ? constants.get(node.getInput(WEIGHT)) : null;
        if (weight == null || !isDense(node) || !isDivisible(node, weight)) {
            graph.addNode(node);
            return;
        }
        boolean transposed = new NodeAttributes(node).integer("transB", 0) != 0;
        divide(new Dense(node, weight, transposed ? 0 : 1, bias(node)));
    }

    private static boolean isDense(NodeProto node) {
        return GraphTensors.canonicalDomain(node.getDomain()).isEmpty()
                && (node.getOpType().equals("Gemm") || node.getOpType().equals("MatMul"));
    }

    private boolean isDivisible(NodeProto node, TensorProto weight) {
        return weight.getDimsCount() == 2
                && OnnxTypes.of(weight.getDataType()).isPresent()
                && OnnxTypes.storedBytes(weight) > mostBytes
                && readers.getOrDefault(weight.getName(), 0) == 1
                && !node.getInput(0).equals(weight.getName())
                && store.canSlice(weight)
                && isBiasDivisible(node);
    }

    private boolean isBiasDivisible(NodeProto node) {
        if (!hasBias(node)) {
            return true;
        }
        TensorProto bias = bias(node);
        return bias != null && store.canSlice(bias);
    }

    private static boolean hasBias(NodeProto node) {
        return node.getInputCount() > BIAS && !node.getInput(BIAS).isEmpty();
    }

    private @Nullable TensorProto bias(NodeProto node) {
        return hasBias(node) ? constants.get(node.getInput(BIAS)) : null;
    }

    private void divide(Dense dense) {
        long step = step(dense);
        if (step >= dense.channels()) {
            graph.addNode(dense.node());
            return;
        }
        NodeProto.Builder concat = NodeProto.newBuilder()
                .setOpType("Concat")
                .setName(dense.node().getName())
                .addOutput(dense.node().getOutput(0))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(dense.node().getOpType().equals("Gemm") ? 1 : -1));
        List<String> parts = new ArrayList<>();
        for (long from = 0; from < dense.channels(); from += step) {
            NodeProto part = part(dense, from, Math.min(dense.channels(), from + step));
            graph.addNode(part);
            concat.addInput(part.getOutput(0));
            parts.add(part.getName());
        }
        graph.addNode(concat);
        divided.add(
                new DividedLayer(dense.node().getName(), dense.node().getOpType(), dense.bytes(), mostBytes, parts));
    }

    /** Channels of a part: as even as whole groups of channels allow, and at least one group. */
    private long step(Dense dense) {
        long parts = ceilDiv(dense.bytes(), mostBytes);
        long even = ceilDiv(ceilDiv(dense.channels(), parts), CHANNELS) * CHANNELS;
        long channelBytes = dense.bytes() / dense.channels();
        long most = mostBytes / channelBytes / CHANNELS * CHANNELS;
        return Math.max(CHANNELS, Math.min(even, most));
    }

    private static long ceilDiv(long value, long divisor) {
        return -Math.floorDiv(-value, divisor);
    }

    private NodeProto part(Dense dense, long from, long to) {
        NodeProto node = dense.node();
        String suffix = "_channels_" + from + "_" + to;
        NodeProto.Builder part = node.toBuilder()
                .setName(unique(node.getName() + suffix, nodeNames))
                .setOutput(0, unique(node.getOutput(0) + suffix, tensorNames))
                .setInput(WEIGHT, slice(new TensorSlice(dense.weight(), dense.channelAxis(), from, to), suffix));
        TensorProto bias = dense.bias();
        int last = bias == null ? -1 : bias.getDimsCount() - 1;
        // A bias of one number per row or for all is the same for every part.
        if (bias != null && last >= 0 && bias.getDims(last) == dense.channels()) {
            part.setInput(BIAS, slice(new TensorSlice(bias, last, from, to), suffix));
        }
        return part.build();
    }

    private String slice(TensorSlice slice, String suffix) {
        String name = unique(slice.tensor().getName() + suffix, tensorNames);
        graph.addInitializer(store.slice(slice, name));
        return name;
    }

    private static String unique(String wanted, Set<String> taken) {
        String name = wanted;
        while (!taken.add(name)) {
            name += "_";
        }
        return name;
    }

    /** The undivided weights go; what nothing else read before is read by nothing now. */
    private void dropUnread() {
        Set<String> read = new HashSet<>();
        graph.getNodeList().forEach(node -> read.addAll(NodeInputs.of(node)));
        graph.getOutputList().forEach(output -> read.add(output.getName()));
        List<TensorProto> kept = graph.getInitializerList().stream()
                .filter(tensor -> read.contains(tensor.getName()))
                .toList();
        graph.clearInitializer().addAllInitializer(kept);
    }
}
