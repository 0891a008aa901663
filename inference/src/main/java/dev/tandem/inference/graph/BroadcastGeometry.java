package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
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

    /** All its inputs have the rank of its output. */
    static AxisGeometry ofConcat(LayerShapes layer, Axis axis) {
        for (int input = 0; input < layer.inputCount(); input++) {
            if (layer.activation(input).isEmpty()) {
                return whole("Concat joins a constant");
            } else if (layer.activation(input).orElseThrow().elements() == 0) {
                return whole("Concat joins an empty tensor");
            }
        }
        int rank = layer.output().orElseThrow().rank();
        return Math.floorMod(layer.attributes().integer("axis", 1), rank) == axis.dimension()
                ? join(layer, axis)
                : new Pointwise();
    }

    private static AxisGeometry join(LayerShapes layer, Axis axis) {
        List<String> operands = List.copyOf(NodeInputs.of(layer.node()));
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int input = 0; input < layer.inputCount(); input++) {
            int to = from + layer.activation(input).orElseThrow().shape().get(axis.dimension());
            pieces.add(new Piece(operands.indexOf(layer.node().getInput(input)), new Interval(from, to)));
            from = to;
        }
        return new Join(pieces);
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
