package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The nodes that one node is lowered to, while they are put together. Each writes one tensor of FLOAT. */
final class LoweredParts {

    /** From this version of the standard operators on, reductions take their axes as a tensor. */
    private static final long AXES_BY_TENSOR = 18;

    private final NodeProto original;
    private final long opset;
    private final List<NodeProto> parts = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();
    private final List<TensorSpec> tensors = new ArrayList<>();

    LoweredParts(NodeProto original, long opset) {
        this.original = original;
        this.opset = opset;
    }

    /** Means over an axis of a feature map, which keeps the extent 1. */
    String mean(String input, int axis, String suffix, List<Integer> shape) {
        return written(reduction(input, List.of(axis), true), suffix, shape);
    }

    /** Means over axes of a feature map, as the original's output. */
    void meanAtTheEnd(String input, List<Integer> axes, boolean keepsAxes) {
        last(reduction(input, axes, keepsAxes));
    }

    /** An element-wise operator. */
    String apply(String operator, List<String> inputs, String suffix, List<Integer> shape) {
        return written(NodeProto.newBuilder().setOpType(operator).addAllInput(inputs), suffix, shape);
    }

    /** An element-wise operator that writes the original's output. */
    void applyAtTheEnd(String operator, List<String> inputs) {
        last(NodeProto.newBuilder().setOpType(operator).addAllInput(inputs));
    }

    /** A constant of the model by another name and shape, with the same elements. */
    String reshaped(TensorProto constant, String suffix, List<Long> shape) {
        return constant(constant.toBuilder().clearDims().addAllDims(shape), suffix);
    }

    /** A constant number. */
    String number(float value, String suffix) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return constant(
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .setRawData(ByteString.copyFrom(bytes.putFloat(value).flip())),
                suffix);
    }

    LoweredNode lowered() {
        return new LoweredNode(original, parts, constants, tensors);
    }

    private NodeProto.Builder reduction(String input, List<Integer> axes, boolean keepsAxes) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType("ReduceMean")
                .addInput(input)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("keepdims")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(keepsAxes ? 1 : 0));
        List<Long> wide = axes.stream().map(Integer::longValue).toList();
        if (opset >= AXES_BY_TENSOR) {
            return node.addInput(axes(wide));
        }
        return node.addAttribute(AttributeProto.newBuilder()
                .setName("axes")
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(wide));
    }

    private String axes(List<Long> axes) {
        ByteBuffer bytes = ByteBuffer.allocate(axes.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        axes.forEach(bytes::putLong);
        return constant(
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(axes.size())
                        .setRawData(ByteString.copyFrom(bytes.flip())),
                "axes" + parts.size());
    }

    private String constant(TensorProto.Builder tensor, String suffix) {
        constants.add(tensor.setName(name(suffix)).build());
        return name(suffix);
    }

    private String written(NodeProto.Builder node, String suffix, List<Integer> shape) {
        parts.add(node.setName(original.getName() + "::" + suffix)
                .addOutput(name(suffix))
                .build());
        tensors.add(new TensorSpec(name(suffix), ElementType.FLOAT, shape));
        return name(suffix);
    }

    private void last(NodeProto.Builder node) {
        parts.add(node.setName(original.getName())
                .addAllOutput(original.getOutputList())
                .build());
    }

    private String name(String suffix) {
        return original.getOutput(0) + "::" + suffix;
    }
}
