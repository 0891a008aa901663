package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the channels, the second axis, of each operator's output depend on those of its inputs. Of tensors with three axes
 * those are the tokens of a transformer.
 */
final class ChannelGeometries {

    private static final int CHANNELS = Axis.CHANNELS.dimension();
    private static final int FEATURE_MAP = 4;

    /** Read neighbouring channels, or have a constant for each that no rule cuts. */
    private static final Set<String> MIXING = Set.of("LRN", "Affine", "ImageScaler");

    private ChannelGeometries() {}

    static AxisGeometry of(LayerShapes layer) {
        String operator = layer.operator();
        if (SpatialGeometries.CONTROL.contains(operator)) {
            return whole("control flow (" + operator + ") is opaque");
        }
        int rank = layer.output().map(TensorSpec::rank).orElse(0);
        if (rank <= CHANNELS || layer.activation(0).map(TensorSpec::rank).orElse(rank) <= CHANNELS) {
            return whole(operator + " has no channels: shape "
                    + layer.output().map(TensorSpec::shape).orElse(List.of()));
        }
        if (SpatialGeometries.BROADCASTING.contains(operator)) {
            return BroadcastGeometry.of(layer, Axis.CHANNELS);
        }
        if (SpatialGeometries.UNARY.contains(operator) && !MIXING.contains(operator)) {
            return new Pointwise();
        }
        return switch (operator) {
            case "Concat" -> BroadcastGeometry.ofConcat(layer, Axis.CHANNELS);
            case "Split" -> SplitGeometry.of(layer, Axis.CHANNELS);
            case "Gemm" -> gemm(layer);
            case "MatMul" -> matrixProduct(layer);
            case "Flatten", "Reshape" -> reshape(layer);
            case "LayerNormalization" -> layerNormalization(layer, rank);
            default ->
                rank == FEATURE_MAP && SpatialGeometries.isFeatureMap(layer.activation(0))
                        ? ofFeatureMap(layer)
                        : whole("operator " + operator + " is not known to work by channels");
        };
    }

    private static AxisGeometry ofFeatureMap(LayerShapes layer) {
        String operator = layer.operator();
        if (SpatialGeometries.GLOBAL.contains(operator)) {
            return new Pointwise();
        }
        if (SpatialGeometries.REDUCTIONS.contains(operator)) {
            return SpatialGeometries.reduction(layer, Axis.CHANNELS);
        }
        return switch (operator) {
            case "Conv" -> convolution(layer, 1);
            case "ConvInteger" -> convolution(layer, 1);
            case "QLinearConv" -> convolution(layer, 3);
            case "ConvTranspose" -> transposed(layer);
            case "MaxPool", "AveragePool", "LpPool" ->
                layer.outputs().size() == 1
                        ? new Pointwise()
                        : whole(operator + " also writes indices, which count over all channels");
            case "BatchNormalization" ->
                layer.attributes().integer("training_mode", 0) == 0
                                && layer.outputs().size() == 1
                        ? ofConstants(layer)
                        : whole("BatchNormalization in training mode computes statistics");
            case "InstanceNormalization" -> ofConstants(layer);
            case "QuantizeLinear", "DequantizeLinear" -> SpatialGeometries.quantisation(layer, Axis.CHANNELS);
            case "Resize", "Upsample" -> sameChannels(layer);
            case "Pad" -> SpatialGeometries.padding(layer, Axis.CHANNELS);
            case "Slice" -> SliceGeometry.of(layer, Axis.CHANNELS);
            case "Softmax", "LogSoftmax", "Hardmax" -> SpatialGeometries.softmax(layer, Axis.CHANNELS);
            default -> whole("operator " + operator + " is not known to work by channels");
        };
    }

    /** Each output channel has a filter of its own over all input channels, or over those of its group. */
    private static AxisGeometry convolution(LayerShapes layer, int weight) {
        Optional<String> reason = SpatialGeometries.runtimeWeights(layer);
        if (reason.isPresent()) {
            return whole(reason.get());
        }
        if (layer.shape(weight).isEmpty()) {
            return whole(layer.operator() + " has weights of unknown shape");
        }
        return grouped(layer);
    }

    private static AxisGeometry grouped(LayerShapes layer) {
        int groups = layer.attributes().integer("group", 1);
        if (groups == 1) {
            return new Dense();
        }
        int read = channels(layer.activation(0).orElseThrow()) / groups;
        int written = channels(layer.output().orElseThrow()) / groups;
        return read == 1 && written == 1 ? new Pointwise() : new Groups(groups, read, written);
    }

    private static AxisGeometry transposed(LayerShapes layer) {
        Optional<String> reason =
                SpatialGeometries.runtimeWeights(layer).or(() -> SpatialGeometries.derivedExtents(layer));
        if (reason.isPresent()) {
            return whole(reason.get());
        }
        return layer.shape(1).isEmpty() ? whole("ConvTranspose has weights of unknown shape") : grouped(layer);
    }

    private static AxisGeometry ofConstants(LayerShapes layer) {
        return SpatialGeometries.runtimeWeights(layer)
                .<AxisGeometry>map(SpatialGeometries::whole)
                .orElseGet(Pointwise::new);
    }

    private static AxisGeometry gemm(LayerShapes layer) {
        if (layer.isActivation(1) || layer.isActivation(2)) {
            return whole("Gemm multiplies two activations");
        }
        return layer.attributes().integer("transA", 0) == 0 && layer.shape(1).isPresent()
                ? new Dense()
                : whole("Gemm reads its input transposed");
    }

    /** With a constant matrix: its columns are channels of a matrix, and no concern of the tokens of a sequence. */
    private static AxisGeometry matrixProduct(LayerShapes layer) {
        int rank = layer.output().orElseThrow().rank();
        if (layer.isActivation(0) && layer.isActivation(1)) {
            return rank == FEATURE_MAP && isSame(layer, 0) && isSame(layer, 1)
                    ? new Pointwise()
                    : whole("MatMul multiplies two activations");
        }
        boolean isMatrix = layer.isActivation(0)
                && layer.shape(1).filter(shape -> shape.size() == 2).isPresent();
        if (!isMatrix) {
            return whole("MatMul multiplies by what is no constant matrix");
        }
        return rank == 2 ? new Dense() : new Pointwise();
    }

    private static boolean isSame(LayerShapes layer, int input) {
        TensorSpec read = layer.activation(input).orElseThrow();
        return read.rank() == FEATURE_MAP
                && channels(read) == channels(layer.output().orElseThrow());
    }

    /** Only where what follows the channels is a single element: then channels stay where they are. */
    private static AxisGeometry reshape(LayerShapes layer) {
        if (layer.activation(0).isEmpty()) {
            return whole(layer.operator() + " shapes a constant");
        }
        TensorSpec read = layer.activation(0).orElseThrow();
        TensorSpec written = layer.output().orElseThrow();
        boolean stays = read.shape().subList(0, 2).equals(written.shape().subList(0, 2))
                && read.elements() == (long) read.shape().get(0) * channels(read);
        return stays ? new Pointwise() : whole(layer.operator() + " may move elements between channels");
    }

    private static AxisGeometry layerNormalization(LayerShapes layer, int rank) {
        int axis = layer.attributes().integer("axis", -1);
        return (axis < 0 ? axis + rank : axis) > CHANNELS && layer.outputs().size() == 1
                ? SpatialGeometries.sameConstants(layer, Axis.CHANNELS)
                : whole("normalises over channels (LayerNormalization)");
    }

    private static AxisGeometry sameChannels(LayerShapes layer) {
        TensorSpec read = layer.activation(0).orElseThrow();
        Optional<String> reason =
                SpatialGeometries.runtimeWeights(layer).or(() -> SpatialGeometries.derivedExtents(layer));
        if (reason.isPresent()) {
            return whole(reason.get());
        }
        return channels(read) == channels(layer.output().orElseThrow())
                ? new Pointwise()
                : whole(layer.operator() + " resizes channels");
    }

    private static int channels(TensorSpec tensor) {
        return tensor.shape().get(CHANNELS);
    }
}
