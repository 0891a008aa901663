package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.inference.graph.ConstantTensors;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The least that is left of a random net while it still fails, and what that looks like. */
final class SmallestNet {

    private SmallestNet() {}

    /** With the fewest layers of all beginnings of a seed's net that fail; the net itself where none does. */
    static Nets failing(long seed, Predicate<Nets> fails) {
        return IntStream.rangeClosed(1, RandomNet.MAX_LAYERS)
                .mapToObj(layers -> RandomNet.of(seed, layers))
                .filter(fails)
                .findFirst()
                .orElseGet(() -> RandomNet.of(seed));
    }

    /** A line for each node: its operator, inputs, outputs and attributes. Of constants, the shape or, of integers, the values. */
    static String listing(Nets net) {
        GraphProto graph = net.open().getGraph();
        ConstantTensors constants = ConstantTensors.of(graph);
        Map<String, String> words = Stream.concat(graph.getInputList().stream(), graph.getOutputList().stream())
                .collect(Collectors.toMap(ValueInfoProto::getName, SmallestNet::tensor));
        graph.getInitializerList().forEach(constant -> words.put(constant.getName(), constant(constant, constants)));
        return graph.getNodeList().stream()
                .map(node -> line(node, words))
                .collect(Collectors.joining("\n", "opset " + net.opset + "\n", "\n"));
    }

    private static String line(NodeProto node, Map<String, String> words) {
        return node.getOpType() + "(" + named(node.getInputList(), words) + ") -> "
                + named(node.getOutputList(), words)
                + node.getAttributeList().stream()
                        .map(attribute -> " " + attribute.getName() + "=" + value(attribute))
                        .collect(Collectors.joining());
    }

    private static String named(List<String> tensors, Map<String, String> words) {
        return tensors.stream()
                .map(tensor -> words.getOrDefault(tensor, tensor))
                .collect(Collectors.joining(", "));
    }

    private static String tensor(ValueInfoProto tensor) {
        return tensor.getName()
                + tensor.getType().getTensorType().getShape().getDimList().stream()
                        .map(dimension -> dimension.getDimValue())
                        .toList();
    }

    private static String constant(TensorProto constant, ConstantTensors constants) {
        return constants
                .integers(constant.getName())
                .map(values -> "=" + values)
                .orElseGet(() -> constant.getName() + constant.getDimsList());
    }

    private static Object value(AttributeProto attribute) {
        return switch (attribute.getType()) {
            case INT -> attribute.getI();
            case FLOAT -> attribute.getF();
            case INTS -> attribute.getIntsList();
            default -> attribute.getS().toStringUtf8();
        };
    }
}
