package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;

/** Operators of several inputs: element-wise with broadcasting, and Concat. */
final class BroadcastGeometry {

    private BroadcastGeometry() {}

    static AxisGeometry of(LayerShapes layer, Axis axis) {
        int extent = layer.output().orElseThrow().shape().get(axis.dimension());
        for (int input = 0; input < layer.inputCount(); input++) {
            Optional<String> reason = reason(layer, axis, input, extent);
            if (reason.isPresent()) {
                return whole(reason.get());
            }
        }
        return new Pointwise();
    }

    static AxisGeometry ofConcat(LayerShapes layer, Axis axis) {
        if (SpatialGeometries.axis(layer, "axis", 1) == axis.dimension()) {
            return whole("Concat joins along " + axis.words());
        }
        for (int input = 0; input < layer.inputCount(); input++) {
            if (layer.activation(input).filter(TensorSpec::isFeatureMap).isEmpty()) {
                return whole("Concat joins a constant or a tensor without " + axis.words());
            }
        }
        return new Pointwise();
    }

    /** Why the input keeps the operator from working part by part, if it does. Shapes are aligned at their last axis. */
    private static Optional<String> reason(LayerShapes layer, Axis axis, int input, int outputExtent) {
        if (!layer.hasInput(input)) {
            return Optional.empty();
        }
        int rank = layer.output().orElseThrow().rank();
        String name = "input '" + layer.node().getInput(input) + "' of " + layer.operator();
        Optional<List<Long>> shape = layer.shape(input);
        if (shape.isEmpty()) {
            return Optional.of(name + " has no known shape");
        }
        int dimension = shape.get().size() - (rank - axis.dimension());
        long extent = dimension < 0 ? 1 : shape.get().get(dimension);
        boolean isShifted = shape.get().size() != rank
                && layer.activation(input)
                        .filter(activation -> axis.divisible(activation) > 0)
                        .isPresent();
        if (isShifted) {
            return Optional.of(name + " has shape " + shape.get() + ", whose axes are not those of the output");
        }
        if (extent == 1) {
            return Optional.empty();
        }
        // Constants that vary along the axis are cut like activations; they may lack the leading axes.
        boolean isAligned = shape.get().size() == rank || !layer.isActivation(input);
        return isAligned && extent == outputExtent
                ? Optional.empty()
                : Optional.of(name + " has shape " + shape.get() + ", whose " + axis.words()
                        + " do not line up with those of the output");
    }
}
