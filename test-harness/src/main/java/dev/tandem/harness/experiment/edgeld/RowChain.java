package dev.tandem.harness.experiment.edgeld;

import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as the papers see it: layers with rows, one after the other, and a tail without rows.
 *
 * @param tailSeconds of all layers behind the units, on the leader, without the call's
 */
record RowChain(List<Unit> units, double tailSeconds) {

    /**
     * A layer with rows. Output row r reads the input rows {@code [r * stride - padding, r * stride - padding + kernel)}.
     *
     * @param seconds of all rows on the leader, without the call's
     */
    record Unit(
            boolean convolves,
            double seconds,
            int inputRows,
            int rows,
            long inputRowBytes,
            long rowBytes,
            int kernel,
            int stride,
            int padding) {}

    RowChain {
        units = List.copyOf(units);
    }

    /** @throws IllegalArgumentException when layers with rows do not follow one another */
    static RowChain of(ModelGraph graph) {
        List<Unit> units = new ArrayList<>();
        String newest = graph.inputs().get(0).name();
        double tail = 0;
        for (Layer layer : graph.layers()) {
            boolean hasRows = graph.tensor(layer.outputs().get(0)).isFeatureMap();
            if (hasRows && !layer.inputs().equals(List.of(newest))) {
                throw new IllegalArgumentException(
                        "layer " + layer.name() + " must read " + newest + " alone, but reads " + layer.inputs()
                                + ". Maybe take a model without branches, such as vgg-16.");
            }
            if (hasRows) {
                units.add(unit(graph, layer));
                newest = layer.outputs().get(0);
            } else {
                tail += LinearTime.seconds(graph, layer);
            }
        }
        return new RowChain(units, tail);
    }

    private static Unit unit(ModelGraph graph, Layer layer) {
        TensorSpec input = graph.tensor(layer.inputs().get(0));
        TensorSpec output = graph.tensor(layer.outputs().get(0));
        Window window = layer.along(Axis.ROWS) instanceof Window slides ? slides : new Window(1, 1, 1, 0, 0);
        return new Unit(
                LinearTime.convolves(layer),
                LinearTime.seconds(graph, layer),
                input.rows(),
                output.rows(),
                input.bytes() / input.rows(),
                output.bytes() / output.rows(),
                window.span(),
                window.stride(),
                window.padBegin());
    }
}
