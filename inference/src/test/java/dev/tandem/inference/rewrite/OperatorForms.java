package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;

/** Operators whose form differs between versions of the standard operators, in that of the net at hand. */
final class OperatorForms {

    private final Nets nets;

    OperatorForms(Nets nets) {
        this.nets = nets;
    }

    /** Whether axes may be counted from the end. */
    boolean hasNegativeAxes() {
        return nets.opset >= 11;
    }

    /** Whether pools round up, and are dilated where they take a maximum. */
    boolean hasCeilMode() {
        return nets.opset >= 10;
    }

    boolean hasSliceSteps() {
        return nets.opset >= 10;
    }

    /** Whether maps are enlarged by Resize, to sizes too, and say which coordinates they read. */
    boolean hasCoordinates() {
        return nets.opset >= 11;
    }

    /** @param steps all 1 where the version has none */
    NodeProto.Builder slice(String input, long[] starts, long[] ends, long[] axes, long[] steps) {
        if (hasSliceSteps()) {
            return Nets.node(
                    "Slice",
                    input,
                    nets.integers(starts),
                    nets.integers(ends),
                    nets.integers(axes),
                    nets.integers(steps));
        }
        return Nets.node("Slice", input)
                .addAttribute(Nets.ints("starts", starts))
                .addAttribute(Nets.ints("ends", ends))
                .addAttribute(Nets.ints("axes", axes));
    }

    NodeProto.Builder split(String input, int axis, long... lengths) {
        NodeProto.Builder node = nets.opset >= 13
                ? Nets.node("Split", input, nets.integers(lengths))
                : Nets.node("Split", input).addAttribute(Nets.ints("split", lengths));
        return node.addAttribute(Nets.integer("axis", axis));
    }

    /** @param pads before each of four axes, then behind each */
    NodeProto.Builder pad(String input, float value, long... pads) {
        return nets.opset >= 11
                ? Nets.node("Pad", input, nets.integers(pads), nets.scalar(value))
                : Nets.node("Pad", input)
                        .addAttribute(Nets.ints("pads", pads))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.FLOAT)
                                .setF(value)
                                .build());
    }

    /** Rows and columns repeated. */
    NodeProto.Builder enlarged(String input, int rows, int columns) {
        return hasCoordinates()
                ? Nets.node("Resize", input, omitted(), nets.floats(1, 1, rows, columns))
                : Nets.node("Upsample", input, nets.floats(1, 1, rows, columns));
    }

    NodeProto.Builder resized(String input, long... sizes) {
        return Nets.node("Resize", input, omitted(), omitted(), nets.integers(sizes));
    }

    /** Until opset 12 what is not given to a Resize is an empty tensor. */
    private String omitted() {
        return nets.opset < 13 ? nets.floats() : "";
    }

    /** A mean over rows and columns. */
    NodeProto.Builder meanOverMaps(String input) {
        long[] axes = hasNegativeAxes() && nets.opset < 18 ? new long[] {-1, -2} : new long[] {2, 3};
        return nets.opset >= 18
                ? Nets.node("ReduceMean", input, nets.integers(axes))
                : Nets.node("ReduceMean", input).addAttribute(Nets.ints("axes", axes));
    }
}
