package dev.tandem.inference.graph;

import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.Enlarge;
import dev.tandem.core.graph.RowGeometry.Padding;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.RowGeometry.Window;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the rows of each operator's output depend on the rows of its inputs. An operator is row-divisible only where that
 * is known to be exact; everything else says why not.
 */
final class RowGeometries {
    static final int ROW_AXIS = 2;

    /** One input of interest, every output element from the input element at the same place (and its channel). */
    private static final Set<String> UNARY = Set.of(
            "Abs",
            "Acos",
            "Acosh",
            "Affine",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
            "BiasGelu",
            "Cast",
            "Ceil",
            "Celu",
            "Clip",
            "Cos",
            "Cosh",
            "Dropout",
            "Elu",
            "Erf",
            "Exp",
            "FastGelu",
            "Floor",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "ImageScaler",
            "IsInf",
            "IsNaN",
            "LRN",
            "LeakyRelu",
            "Log",
            "Mish",
            "Neg",
            "Not",
            "ParametricSoftplus",
            "QLinearLeakyRelu",
            "QLinearSigmoid",
            "QuickGelu",
            "Reciprocal",
            "Relu",
            "Round",
            "ScaledTanh",
            "Selu",
            "Shrink",
            "Sigmoid",
            "Sign",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Tan",
            "Tanh",
            "ThresholdedRelu");

    private static final Set<String> BROADCASTING = Set.of(
            "Add",
            "And",
            "BitShift",
            "Div",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Max",
            "Mean",
            "Min",
            "Mod",
            "Mul",
            "Or",
            "PRelu",
            "QLinearAdd",
            "QLinearMul",
            "Pow",
            "Sub",
            "Sum",
            "Where",
            "Xor");

    private static final Set<String> GLOBAL =
            Set.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "QLinearGlobalAveragePool");

    private static final Set<String> REDUCTIONS = Set.of(
            "ArgMax",
            "ArgMin",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "ReduceSumSquare");

    private static final Set<String> CONTROL = Set.of("If", "Loop", "Scan");

    private RowGeometries() {}

    static RowGeometry of(LayerShapes layer) {
        String operator = layer.operator();
        if (CONTROL.contains(operator)) {
            return whole("control flow (" + operator + ") is opaque");
        }
        if (GLOBAL.contains(operator)) {
            return whole("global reduction over rows (" + operator + ")");
        }
        if (!isFeatureMap(layer.output())) {
            return whole(operator + " writes a tensor without rows: shape "
                    + layer.output().map(TensorSpec::shape).orElse(List.of()));
        }
        if (BROADCASTING.contains(operator)) {
            return BroadcastGeometry.of(layer);
        }
        if (operator.equals("Concat")) {
            return BroadcastGeometry.ofConcat(layer);
        }
        return isFeatureMap(layer.activation(0))
                ? ofFeatureMap(layer)
                : whole(operator + " reads a tensor without rows: shape "
                        + layer.shape(0).orElse(List.of()));
    }

    private static RowGeometry ofFeatureMap(LayerShapes layer) {
        String operator = layer.operator();
        if (UNARY.contains(operator)) {
            return new Rowwise();
        }
        if (REDUCTIONS.contains(operator)) {
            return reduction(layer);
        }
        return switch (operator) {
            case "Conv", "QLinearConv", "ConvInteger" -> WindowGeometry.ofConvolution(layer);
            case "MaxPool", "AveragePool", "LpPool" -> WindowGeometry.ofPool(layer);
            case "ConvTranspose" -> WindowGeometry.ofTransposed(layer);
            case "BatchNormalization" -> batchNormalization(layer);
            case "QuantizeLinear", "DequantizeLinear" -> quantisation(layer);
            case "Resize", "Upsample" -> ResizeGeometry.of(layer);
            case "Pad" -> padding(layer);
            case "Slice" -> SliceGeometry.of(layer);
            case "Split" -> alongAxis(layer, axis(layer, "axis", 0), "splits rows apart");
            case "Softmax", "LogSoftmax", "Hardmax" -> softmax(layer);
            case "LayerNormalization" ->
                axis(layer, "axis", -1) > ROW_AXIS ? new Rowwise() : whole("normalises over rows (LayerNormalization)");
            case "InstanceNormalization", "GroupNormalization", "MeanVarianceNormalization" ->
                whole("normalises over all rows of a channel (" + operator + ")");
            case "DepthToSpace" -> new Enlarge(layer.attributes().integer("blocksize", 1));
            case "SpaceToDepth" -> spaceToDepth(layer.attributes().integer("blocksize", 1));
            case "Crop" -> whole("Crop cuts rows off");
            case "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile", "Gather" ->
                whole(operator + " may move elements between rows");
            case "Gemm", "MatMul", "QLinearMatMul", "MatMulInteger" ->
                whole(operator + " is a matrix product without rows of a feature map");
            default -> whole("operator " + operator + " is not known to work row by row");
        };
    }

    private static RowGeometry batchNormalization(LayerShapes layer) {
        return layer.attributes().integer("training_mode", 0) == 0
                        && layer.outputs().size() == 1
                ? new Rowwise()
                : whole("BatchNormalization in training mode computes statistics over all rows");
    }

    /** Blocks of rows become channels: each output row reads one block. */
    private static RowGeometry spaceToDepth(int block) {
        return new Window(block, block, 1, 0, 0);
    }

    private static RowGeometry quantisation(LayerShapes layer) {
        boolean perAxis = layer.shape(1)
                .map(shape -> !shape.isEmpty() && shape.get(0) > 1)
                .orElse(true);
        if (layer.attributes().integer("block_size", 0) > 0) {
            return whole(layer.operator() + " has scales per block");
        }
        return perAxis && axis(layer, "axis", 1) == ROW_AXIS
                ? whole(layer.operator() + " has another scale for each row")
                : new Rowwise();
    }

    private static RowGeometry padding(LayerShapes layer) {
        Optional<List<Integer>> pads = layer.attributes().integers("pads").or(() -> layer.integers(1));
        Optional<List<Integer>> axes = layer.hasInput(3) ? layer.integers(3) : Optional.of(List.of(0, 1, 2, 3));
        if (pads.isEmpty()
                || axes.isEmpty()
                || pads.get().size() != 2 * axes.get().size()) {
            return whole("Pad takes its amounts or axes at run time");
        }
        int index = axes.get().stream().map(RowGeometries::normalised).toList().indexOf(ROW_AXIS);
        Padding rows = index < 0
                ? new Padding(0, 0)
                : new Padding(pads.get().get(index), pads.get().get(axes.get().size() + index));
        String mode = layer.attributes().text("mode", "constant");
        if (rows.begin() == 0 && rows.end() == 0) {
            return new Rowwise();
        }
        return mode.equals("constant") ? rows : whole("Pad in mode '" + mode + "' repeats rows of the border");
    }

    /** Until opset 12, softmax runs over the given axis and all that follow; since 13 over the axis alone. */
    private static RowGeometry softmax(LayerShapes layer) {
        boolean single = layer.opset() >= 13;
        int axis = axis(layer, "axis", single ? -1 : 1);
        boolean overRows = single ? axis == ROW_AXIS : axis <= ROW_AXIS;
        return overRows ? whole(layer.operator() + " normalises over rows") : new Rowwise();
    }

    private static RowGeometry reduction(LayerShapes layer) {
        Optional<List<Integer>> axes = layer.attributes()
                .integers("axes")
                .or(() -> layer.integers(1))
                .or(() -> layer.attributes().has("axis")
                        ? Optional.of(List.of(axis(layer, "axis", 0)))
                        : Optional.empty());
        boolean keepsRows = axes.isPresent()
                && axes.get().stream().map(RowGeometries::normalised).noneMatch(axis -> axis == ROW_AXIS)
                && !axes.get().isEmpty();
        return keepsRows ? new Rowwise() : whole("global reduction over rows (" + layer.operator() + ")");
    }

    private static RowGeometry alongAxis(LayerShapes layer, int axis, String reason) {
        return axis == ROW_AXIS ? whole(layer.operator() + " " + reason) : new Rowwise();
    }

    static WholeRows whole(String reason) {
        return new WholeRows(reason);
    }

    static int axis(LayerShapes layer, String name, int otherwise) {
        return normalised(layer.attributes().integer(name, otherwise));
    }

    /** An axis of a feature map, counted from the front. */
    static int normalised(int axis) {
        return axis < 0 ? axis + 4 : axis;
    }

    private static boolean isFeatureMap(Optional<TensorSpec> spec) {
        return spec.filter(TensorSpec::isFeatureMap).isPresent();
    }
}
