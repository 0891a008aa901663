package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slice: along other axes position by position; along this one a window of one that leaves out what is in front of it and behind. */
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
        if (step < 1) {
            return whole("Slice takes " + axis.words() + " " + start + " to " + end + " by " + step + ", backwards");
        }
        int extent = layer.activation(0).orElseThrow().shape().get(axis.dimension());
        int written = layer.output().orElseThrow().shape().get(axis.dimension());
        int first = Math.min(Math.max(start < 0 ? start + extent : start, 0), extent);
        int behind = first + (written - 1) * step + 1;
        return written == extent ? new Pointwise() : new Window(1, step, 1, -first, behind - extent);
    }

    private static Optional<List<Integer>> argument(LayerShapes layer, String attribute, int input) {
        return layer.attributes().integers(attribute).or(() -> layer.integers(input));
    }
}
