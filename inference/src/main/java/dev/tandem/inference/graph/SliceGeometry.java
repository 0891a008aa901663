package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slice: along other axes position by position; along this one a window of one where it starts at the first and runs to the end. */
final class SliceGeometry {

    private SliceGeometry() {}

    static AxisGeometry of(LayerShapes layer, Axis axis) {
        Optional<List<Integer>> starts = argument(layer, "starts", 1);
        Optional<List<Integer>> ends = argument(layer, "ends", 2);
        if (starts.isEmpty() || ends.isEmpty() || layer.isActivation(3) || layer.isActivation(4)) {
            return whole("Slice takes its range at run time");
        }
        int count = starts.get().size();
        List<Integer> axes = argument(layer, "axes", 3)
                .orElseGet(() -> IntStream.range(0, count).boxed().toList());
        List<Integer> steps = argument(layer, "steps", 4)
                .orElseGet(() -> IntStream.range(0, count).mapToObj(any -> 1).toList());
        int index = axes.stream().map(SpatialGeometries::normalised).toList().indexOf(axis.dimension());
        return index < 0
                ? new Pointwise()
                : along(layer, axis, starts.get().get(index), ends.get().get(index), steps.get(index));
    }

    private static AxisGeometry along(LayerShapes layer, Axis axis, int start, int end, int step) {
        int extent = layer.activation(0).orElseThrow().shape().get(axis.dimension());
        int written = layer.output().orElseThrow().shape().get(axis.dimension());
        if (start != 0 || step < 1 || end < extent) {
            return whole("Slice takes " + axis.words() + " " + start + " to " + end + " by " + step
                    + ", not from the first to the last");
        }
        int read = (written - 1) * step + 1;
        return step == 1 ? new Pointwise() : new Window(1, step, 1, 0, read - extent);
    }

    private static Optional<List<Integer>> argument(LayerShapes layer, String attribute, int input) {
        return layer.attributes().integers(attribute).or(() -> layer.integers(input));
    }
}
