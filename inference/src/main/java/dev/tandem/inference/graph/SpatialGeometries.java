package dev.tandem.inference.graph;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Enlarge;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the rows, or the columns, of each operator's output depend on those of its inputs. An operator is divisible only
 * where that is known to be exact; everything else says why not.
 */
final class SpatialGeometries {
    /** One input of interest, every output element from the input element at the same place (and its channel). */
    static final Set<String> UNARY = Set.of(
            "Abs",
            "Acos",
            "Acosh",
            "Affine",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
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

    static final Set<String> BROADCASTING = Set.of(
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

    static final Set<String> GLOBAL =
            Set.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "QLinearGlobalAveragePool");

    static final Set<String> REDUCTIONS = Set.of(
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

    static final Set<String> CONTROL = Set.of("If", "Loop", "Scan");

    private SpatialGeometries() {}

    static AxisGeometry of(LayerShapes layer, Axis axis) {
        String operator = layer.operator();
        if (CONTROL.contains(operator)) {
            return whole("control flow (" + operator + ") is opaque");
        }
        if (GLOBAL.contains(operator)) {
            return global(layer, axis);
        }
        if (!isFeatureMap(layer.output())) {
            return whole(operator + " writes a tensor without " + axis.words() + ": shape "
                    + layer.output().map(TensorSpec::shape).orElse(List.of()));
        }
        if (BROADCASTING.contains(operator)) {
            return BroadcastGeometry.of(layer, axis);
        }
        if (operator.equals("Concat")) {
            return BroadcastGeometry.ofConcat(layer, axis);
        }
        return isFeatureMap(layer.activation(0))
                ? ofFeatureMap(layer, axis)
                : whole(operator + " reads a tensor without " + axis.words() + ": shape "
                        + layer.shape(0).orElse(List.of()));
    }

    private static AxisGeometry ofFeatureMap(LayerShapes layer, Axis axis) {
        String operator = layer.operator();
        if (UNARY.contains(operator)) {
            return new Pointwise();
        }
        if (REDUCTIONS.contains(operator)) {
            return reduction(layer, axis);
        }
        return switch (operator) {
            case "Conv", "QLinearConv", "ConvInteger" -> WindowGeometry.ofConvolution(layer, axis);
            case "MaxPool", "AveragePool", "LpPool" -> WindowGeometry.ofPool(layer, axis);
            case "ConvTranspose" -> WindowGeometry.ofTransposed(layer, axis);
            case "BatchNormalization" -> batchNormalization(layer, axis);
            case "QuantizeLinear", "DequantizeLinear" -> quantisation(layer, axis);
            case "Resize", "Upsample" -> ResizeGeometry.of(layer, axis);
            case "Pad" -> padding(layer, axis);
            case "Slice" -> SliceGeometry.of(layer, axis);
            case "Split" -> SplitGeometry.of(layer, axis);
            case "Softmax", "LogSoftmax", "Hardmax" -> softmax(layer, axis);
            case "LayerNormalization" ->
                axis(layer, "axis", -1) > axis.dimension()
                        ? sameConstants(layer, axis)
                        : whole("normalises over " + axis.words() + " (LayerNormalization)");
            case "InstanceNormalization", "GroupNormalization", "MeanVarianceNormalization" ->
                whole("normalises over all " + axis.words() + " of a channel (" + operator + ")");
            case "DepthToSpace" -> new Enlarge(layer.attributes().integer("blocksize", 1));
            case "SpaceToDepth" -> spaceToDepth(layer.attributes().integer("blocksize", 1));
            case "Crop" -> whole("Crop cuts " + axis.words() + " off");
            case "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile", "Gather" ->
                whole(operator + " may move elements between " + axis.words());
            case "Gemm", "MatMul", "QLinearMatMul", "MatMulInteger" ->
                whole(operator + " is a matrix product without " + axis.words() + " of a feature map");
            default -> whole("operator " + operator + " is not known to work by " + axis.words());
        };
    }

    /** One position that reads all of them. */
    private static AxisGeometry global(LayerShapes layer, Axis axis) {
        return isFeatureMap(layer.activation(0))
                ? new Dense()
                : whole("global reduction over " + axis.words() + " (" + layer.operator() + ")");
    }

    private static AxisGeometry batchNormalization(LayerShapes layer, Axis axis) {
        if (layer.attributes().integer("spatial", 1) == 0) {
            return whole("BatchNormalization has statistics for each of the " + axis.words());
        }
        return layer.attributes().integer("training_mode", 0) == 0
                        && layer.outputs().size() == 1
                ? new Pointwise()
                : whole("BatchNormalization in training mode computes statistics over all " + axis.words());
    }

    /** Blocks of rows become channels: each output row reads one block. */
    private static AxisGeometry spaceToDepth(int block) {
        return new Window(block, block, 1, 0, 0);
    }

    static AxisGeometry quantisation(LayerShapes layer, Axis axis) {
        boolean perAxis = layer.shape(1)
                .map(shape -> !shape.isEmpty() && shape.get(0) > 1)
                .orElse(true);
        if (layer.attributes().integer("block_size", 0) > 0) {
            return whole(layer.operator() + " has scales per block");
        }
        return perAxis && axis(layer, "axis", 1) == axis.dimension()
                ? whole(layer.operator() + " has another scale for each of the " + axis.words())
                : new Pointwise();
    }

    static AxisGeometry padding(LayerShapes layer, Axis axis) {
        Optional<List<Integer>> pads = layer.attributes().integers("pads").or(() -> layer.integers(1));
        Optional<List<Integer>> axes = layer.hasInput(3) ? layer.integers(3) : Optional.of(List.of(0, 1, 2, 3));
        if (pads.isEmpty()
                || axes.isEmpty()
                || pads.get().size() != 2 * axes.get().size()) {
            return whole("Pad takes its amounts or axes at run time");
        }
        int index =
                axes.get().stream().map(SpatialGeometries::normalised).toList().indexOf(axis.dimension());
        Padding padding = index < 0
                ? new Padding(0, 0)
                : new Padding(pads.get().get(index), pads.get().get(axes.get().size() + index));
        String mode = layer.attributes().text("mode", "constant");
        if (padding.begin() == 0 && padding.end() == 0) {
            return new Pointwise();
        }
        return mode.equals("constant")
                ? padding
                : whole("Pad in mode '" + mode + "' repeats " + axis.words() + " of the border");
    }

    /** Until opset 12, softmax runs over the given axis and all that follow; since 13 over the axis alone. */
    static AxisGeometry softmax(LayerShapes layer, Axis axis) {
        boolean single = layer.opset() >= 13;
        int first = axis(layer, "axis", single ? -1 : 1);
        boolean over = single ? first == axis.dimension() : first <= axis.dimension();
        return over ? whole(layer.operator() + " normalises over " + axis.words()) : new Pointwise();
    }

    static AxisGeometry reduction(LayerShapes layer, Axis axis) {
        Optional<List<Integer>> axes = layer.attributes()
                .integers("axes")
                .or(() -> layer.integers(1))
                .or(() -> layer.attributes().has("axis")
                        ? Optional.of(List.of(axis(layer, "axis", 0)))
                        : Optional.empty());
        boolean isKept = axes.isPresent()
                && axes.get().stream()
                        .map(SpatialGeometries::normalised)
                        .noneMatch(reduced -> reduced == axis.dimension())
                && !axes.get().isEmpty();
        if (isKept) {
            return new Pointwise();
        }
        // Everything behind it has nothing to divide along the axis then.
        boolean standsForAll = layer.output()
                .filter(output -> output.shape().get(axis.dimension()) == 1)
                .isPresent();
        return axis.isSpatial() && standsForAll
                ? new Dense()
                : whole("global reduction over " + axis.words() + " (" + layer.operator() + ")");
    }

    /** Why the operator does not take all inputs but its first from the model's constants, if so. */
    static Optional<String> runtimeWeights(LayerShapes layer) {
        for (int input = 1; input < layer.inputCount(); input++) {
            if (layer.isActivation(input)) {
                return Optional.of(layer.operator() + " takes '" + layer.node().getInput(input) + "' at run time");
            }
        }
        return Optional.empty();
    }

    /** Position by position, unless a constant has another value for each. Shapes are aligned at their last axis. */
    static AxisGeometry sameConstants(LayerShapes layer, Axis axis) {
        Optional<String> reason = runtimeWeights(layer);
        if (reason.isPresent()) {
            return whole(reason.get());
        }
        int rank = layer.output().orElseThrow().rank();
        for (int input = 1; input < layer.inputCount(); input++) {
            List<Long> shape = layer.shape(input).orElse(List.of());
            int dimension = shape.size() - (rank - axis.dimension());
            if (dimension >= 0 && shape.get(dimension) > 1) {
                return whole(layer.operator() + " has another constant for each of the " + axis.words());
            }
        }
        return new Pointwise();
    }

    /** Why rows and columns follow from attributes that no rule keeps when something else is divided, if so. */
    static Optional<String> derivedExtents(LayerShapes layer) {
        boolean isTransposed = layer.operator().equals("ConvTranspose");
        if (isTransposed
                && (!layer.attributes().text("auto_pad", "NOTSET").equals("NOTSET")
                        || layer.attributes().has("output_shape"))) {
            return Optional.of("ConvTranspose derives its padding from the output's shape");
        }
        String policy = layer.attributes().text("keep_aspect_ratio_policy", "stretch");
        return policy.equals("stretch")
                ? Optional.empty()
                : Optional.of(layer.operator() + " keeps the aspect ratio (" + policy + "): its scale is not known");
    }

    static Whole whole(String reason) {
        return new Whole(reason);
    }

    static int axis(LayerShapes layer, String name, int otherwise) {
        return normalised(layer.attributes().integer(name, otherwise));
    }

    /** An axis of a feature map, counted from the front. */
    static int normalised(int axis) {
        return axis < 0 ? axis + 4 : axis;
    }

    static boolean isFeatureMap(Optional<TensorSpec> spec) {
        return spec.filter(TensorSpec::isFeatureMap).isPresent();
    }
}
