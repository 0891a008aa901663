package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.RowGeometries.ROW_AXIS;
import static dev.tandem.inference.graph.RowGeometries.whole;

import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;

/** Operators of several inputs: element-wise with broadcasting, and Concat. */
final class BroadcastGeometry {

    private BroadcastGeometry() {}

    static RowGeometry of(LayerShapes layer) {
        int rows = layer.outputRows();
        for (int input = 0; input < layer.inputCount(); input++) {
            Optional<String> reason = reason(layer, input, rows);
            if (reason.isPresent()) {
                return whole(reason.get());
            }
        }
        return new Rowwise();
    }

    static RowGeometry ofConcat(LayerShapes layer) {
        if (RowGeometries.axis(layer, "axis", 1) == ROW_AXIS) {
            return whole("Concat joins along rows");
        }
        for (int input = 0; input < layer.inputCount(); input++) {
            if (layer.activation(input).filter(TensorSpec::isFeatureMap).isEmpty()) {
                return whole("Concat joins a constant or a tensor without rows");
            }
        }
        return new Rowwise();
    }

    /** Why the input keeps the operator from working row by row, if it does. Shapes are aligned at their last axis. */
    private static Optional<String> reason(LayerShapes layer, int input, int rows) {
        if (!layer.hasInput(input)) {
            return Optional.empty();
        }
        String name = "input '" + layer.node().getInput(input) + "' of " + layer.operator();
        Optional<List<Long>> shape = layer.shape(input);
        if (shape.isEmpty()) {
            return Optional.of(name + " has no known shape");
        }
        int rowAxis = shape.get().size() - 2;
        long extent = rowAxis < 0 ? 1 : shape.get().get(rowAxis);
        if (extent == 1) {
            return Optional.empty();
        }
        // Constants that differ from row to row are cut like activations; they may lack the leading axes.
        boolean hasRows = shape.get().size() == 4 || !layer.isActivation(input);
        return hasRows && extent == rows
                ? Optional.empty()
                : Optional.of(
                        name + " has shape " + shape.get() + ", whose rows do not line up with those of the output");
    }
}
