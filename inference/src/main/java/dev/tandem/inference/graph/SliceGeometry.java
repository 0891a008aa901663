package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.RowGeometries.ROW_AXIS;
import static dev.tandem.inference.graph.RowGeometries.whole;

import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.RowGeometry.Window;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slice: along other axes row by row; along rows a window of one row where it starts at the first and runs to the end. */
final class SliceGeometry {

    private SliceGeometry() {}

    static RowGeometry of(LayerShapes layer) {
        Optional<List<Integer>> starts = argument(layer, "starts", 1);
        Optional<List<Integer>> ends = argument(layer, "ends", 2);
        if (starts.isEmpty() || ends.isEmpty() || layer.isActivation(3) || layer.isActivation(4)) {
            return whole("Slice takes its range at run time");
        }
        int count = starts.get().size();
        List<Integer> axes = argument(layer, "axes", 3)
                .orElseGet(() -> IntStream.range(0, count).boxed().toList());
        List<Integer> steps = argument(layer, "steps", 4)
                .orElseGet(() -> IntStream.range(0, count).mapToObj(axis -> 1).toList());
        int rows = axes.stream().map(RowGeometries::normalised).toList().indexOf(ROW_AXIS);
        return rows < 0
                ? new Rowwise()
                : ofRows(layer, starts.get().get(rows), ends.get().get(rows), steps.get(rows));
    }

    private static RowGeometry ofRows(LayerShapes layer, int start, int end, int step) {
        if (start != 0 || step < 1 || end < layer.inputRows()) {
            return whole(
                    "Slice takes rows " + start + " to " + end + " by " + step + ", not from the first to the last");
        }
        int read = (layer.outputRows() - 1) * step + 1;
        return step == 1 ? new Rowwise() : new Window(1, step, 1, 0, read - layer.inputRows());
    }

    private static Optional<List<Integer>> argument(LayerShapes layer, String attribute, int input) {
        return layer.attributes().integers(attribute).or(() -> layer.integers(input));
    }
}
