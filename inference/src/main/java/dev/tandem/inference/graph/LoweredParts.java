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

    /** From this version of the standard operators on, reductions but ReduceSum take their axes as a tensor. */
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
        return written(reduction("ReduceMean", input, axis), suffix, shape);
    }

    /** Means over an axis of a feature map, which keeps the extent 1, as the original's output. */
    void meanAtTheEnd(String input, int axis) {
        last(reduction("ReduceMean", input, axis));
    }

    /** Sums of squares over an axis of a feature map, which keeps the extent 1. */
    String squares(String input, int axis, String suffix, List<Integer> shape) {
        return written(reduction("ReduceSumSquare", input, axis), suffix, shape);
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

    private NodeProto.Builder reduction(String operator, String input, int axis) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(operator).addInput(input).addAttribute(keepsAxes());
        return opset >= AXES_BY_TENSOR
                ? node.addInput(axes(axis))
                : node.addAttribute(AttributeProto.newBuilder()
                        .setName("axes")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addInts(axis));
    }

    private static AttributeProto keepsAxes() {
        return AttributeProto.newBuilder()
                .setName("keepdims")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1)
                .build();
    }

    private String axes(long axis) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return constant(
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(bytes.putLong(axis).flip())),
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
