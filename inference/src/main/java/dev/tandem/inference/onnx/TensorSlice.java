package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.inference.graph.OnnxTypes;
import java.util.List;

/**
 * A range of a constant along one axis. Its elements lie in the constant as {@link #spans()} runs of {@link #spanBytes()}
 * bytes, whose beginnings are {@link #strideBytes()} apart; along the first axis that is a single run.
 *
 * @param tensor of a type whose elements are whole bytes
 * @param from first index along the axis
 * @param to index behind the last one
 */
record TensorSlice(TensorProto tensor, int axis, long from, long to) {

    long spans() {
        return product(tensor.getDimsList().subList(0, axis));
    }

    long spanBytes() {
        return (to - from) * indexBytes();
    }

    long strideBytes() {
        return tensor.getDims(axis) * indexBytes();
    }

    /** Where a run begins, counted from the first byte of the constant. */
    long offset(long span) {
        return span * strideBytes() + from * indexBytes();
    }

    long bytes() {
        return spans() * spanBytes();
    }

    /** A constant of the slice's shape, still without elements. */
    TensorProto.Builder header(String name) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(tensor.getDataType())
                .addAllDims(tensor.getDimsList())
                .setDims(axis, to - from);
    }

    private long indexBytes() {
        long elementBytes = OnnxTypes.of(tensor.getDataType()).orElseThrow().bytes();
        return elementBytes * product(tensor.getDimsList().subList(axis + 1, tensor.getDimsCount()));
    }

    private static long product(List<Long> extents) {
        return extents.stream().reduce(1L, Math::multiplyExact);
    }
}
