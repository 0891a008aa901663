package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
import java.util.List;

/** Split: along other axes position by position; along this one each output is a piece of the input. */
final class SplitGeometry {

    private SplitGeometry() {}

    /** Its outputs have the rank of its input. */
    static AxisGeometry of(LayerShapes layer, Axis axis) {
        if (layer.activation(0).isEmpty()) {
            return whole("splits a constant");
        }
        int rank = layer.activation(0).get().rank();
        return Math.floorMod(layer.attributes().integer("axis", 0), rank) == axis.dimension()
                ? split(layer, axis)
                : new Pointwise();
    }

    private static AxisGeometry split(LayerShapes layer, Axis axis) {
        List<Interval> pieces = new ArrayList<>();
        int from = 0;
        for (String output : layer.node().getOutputList()) {
            TensorSpec spec = layer.tensors().get(output);
            if (spec == null || spec.elements() == 0) {
                return whole("has an output that is missing or empty. Maybe remove it from the model.");
            }
            int to = from + spec.shape().get(axis.dimension());
            pieces.add(new Interval(from, to));
            from = to;
        }
        return new Split(pieces);
    }
}
