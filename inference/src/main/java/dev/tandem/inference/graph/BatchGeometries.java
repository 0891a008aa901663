package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether each operator works on the images of a batch, its first axis, one by one. */
final class BatchGeometries {

    private static final int FEATURE_MAP = 4;

    /** Work on each image alone, whatever their attributes are. */
    private static final Set<String> IMAGE_BY_IMAGE = Set.of(
            "AveragePool",
            "Conv",
            "ConvInteger",
            "ConvTranspose",
            "DepthToSpace",
            "GlobalAveragePool",
            "GlobalLpPool",
            "GlobalMaxPool",
            "InstanceNormalization",
            "LpPool",
            "QLinearConv",
            "QLinearGlobalAveragePool",
            "SpaceToDepth");

    private BatchGeometries() {}

    static AxisGeometry of(LayerShapes layer) {
        String operator = layer.operator();
        Optional<TensorSpec> read = layer.activation(0);
        Optional<TensorSpec> written = layer.output();
        if (SpatialGeometries.CONTROL.contains(operator)) {
            return whole("control flow (" + operator + ") is opaque");
        }
        if (written.filter(output -> output.rank() > 0).isEmpty()) {
            return whole(operator + " writes a tensor without a batch");
        }
        if (SpatialGeometries.BROADCASTING.contains(operator)) {
            return BroadcastGeometry.of(layer, Axis.BATCH);
        }
        if (operator.equals("Concat")) {
            return BroadcastGeometry.ofConcat(layer, Axis.BATCH);
        }
        if (operator.equals("Split")) {
            return SplitGeometry.of(layer, Axis.BATCH);
        }
        if (read.filter(input -> images(input) == images(written.get())).isEmpty()) {
            return whole(operator + " changes the batch: from "
                    + read.map(TensorSpec::shape).orElse(List.of()) + " to "
                    + written.get().shape());
        }
        if (SpatialGeometries.UNARY.contains(operator)) {
            return readsOneActivation(layer);
        }
        if (IMAGE_BY_IMAGE.contains(operator) || operator.equals("MaxPool")) {
            return read.get().rank() == FEATURE_MAP
                    ? ofWindows(layer)
                    : whole(operator + " reads no feature map: shape "
                            + read.get().shape());
        }
        return ofAttributes(layer, read.get());
    }

    private static AxisGeometry ofAttributes(LayerShapes layer, TensorSpec read) {
        String operator = layer.operator();
        return switch (operator) {
            case "BatchNormalization" ->
                layer.attributes().integer("training_mode", 0) == 0
                                && layer.outputs().size() == 1
                        ? readsOneActivation(layer)
                        : whole("BatchNormalization in training mode computes statistics over the batch");
            case "Gemm" ->
                layer.attributes().integer("transA", 0) == 0 && !layer.isActivation(1) && !layer.isActivation(2)
                        ? new Pointwise()
                        : whole("Gemm multiplies two activations, or reads its input transposed");
            case "MatMul" -> matrixProduct(layer, read);
            case "Flatten" ->
                layer.attributes().integer("axis", 1) >= 1 ? new Pointwise() : whole("Flatten joins the batch");
            case "Reshape" -> layer.isActivation(1) ? whole("Reshape takes its shape at run time") : new Pointwise();
            case "Transpose" ->
                layer.attributes().integer("perm", 0, read.rank() - 1) == 0
                        ? new Pointwise()
                        : whole("Transpose moves the batch");
            case "LayerNormalization" -> layerNormalization(layer, read);
            case "Softmax", "LogSoftmax", "Hardmax" -> softmax(layer, read);
            case "QuantizeLinear", "DequantizeLinear" ->
                Math.floorMod(layer.attributes().integer("axis", 1), read.rank()) != 0
                        ? readsOneActivation(layer)
                        : whole("scales by image");
            default -> ofFeatureMap(layer, read);
        };
    }

    private static AxisGeometry ofFeatureMap(LayerShapes layer, TensorSpec read) {
        String operator = layer.operator();
        if (read.rank() != FEATURE_MAP) {
            return whole("operator " + operator + " is not known to work image by image");
        }
        if (SpatialGeometries.REDUCTIONS.contains(operator)) {
            return SpatialGeometries.reduction(layer, Axis.BATCH);
        }
        return switch (operator) {
            case "Resize", "Upsample" -> ofWindows(layer);
            case "Pad" -> SpatialGeometries.padding(layer, Axis.BATCH);
            case "Slice" -> SliceGeometry.of(layer, Axis.BATCH);
            default -> whole("operator " + operator + " is not known to work image by image");
        };
    }

    private static AxisGeometry ofWindows(LayerShapes layer) {
        if (layer.outputs().size() > 1) {
            return whole(layer.operator() + " also writes indices, which count over the whole batch");
        }
        return SpatialGeometries.derivedExtents(layer)
                .<AxisGeometry>map(SpatialGeometries::whole)
                .orElseGet(() -> readsOneActivation(layer));
    }

    private static AxisGeometry readsOneActivation(LayerShapes layer) {
        return SpatialGeometries.runtimeWeights(layer)
                .<AxisGeometry>map(SpatialGeometries::whole)
                .orElseGet(Pointwise::new);
    }

    private static AxisGeometry matrixProduct(LayerShapes layer, TensorSpec read) {
        if (!layer.isActivation(1)) {
            boolean isMatrix = layer.shape(1).filter(shape -> shape.size() == 2).isPresent();
            return isMatrix && read.rank() >= 2
                    ? new Pointwise()
                    : whole("MatMul multiplies by what is no constant matrix");
        }
        TensorSpec other = layer.activation(1).orElseThrow();
        return read.rank() > 2 && other.rank() == read.rank() && images(other) == images(read)
                ? new Pointwise()
                : whole("MatMul multiplies two activations of different batches");
    }

    private static AxisGeometry layerNormalization(LayerShapes layer, TensorSpec read) {
        int axis = layer.attributes().integer("axis", -1);
        return (axis < 0 ? axis + read.rank() : axis) > 0 && layer.outputs().size() == 1
                ? SpatialGeometries.sameConstants(layer, Axis.BATCH)
                : whole("normalises over the batch (LayerNormalization)");
    }

    /** Until opset 12, softmax runs over the given axis and all that follow. */
    private static AxisGeometry softmax(LayerShapes layer, TensorSpec read) {
        int axis = layer.attributes().integer("axis", layer.opset() >= 13 ? -1 : 1);
        return (axis < 0 ? axis + read.rank() : axis) > 0
                ? new Pointwise()
                : whole(layer.operator() + " normalises over the batch");
    }

    private static int images(TensorSpec tensor) {
        return tensor.rank() > 0 ? tensor.shape().get(0) : 0;
    }
}
