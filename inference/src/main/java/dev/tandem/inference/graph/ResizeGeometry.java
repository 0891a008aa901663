package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.RowGeometries.whole;

import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.Enlarge;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Set;

/** Resize and Upsample: nearest neighbour by a whole factor is exact row by row, anything else is not claimed. */
final class ResizeGeometry {
    private static final Set<String> HALF_PIXEL = Set.of("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel");

    private ResizeGeometry() {}

    static RowGeometry of(LayerShapes layer) {
        TensorSpec input = layer.activation(0).orElseThrow();
        TensorSpec output = layer.output().orElseThrow();
        for (int argument = 1; argument < layer.inputCount(); argument++) {
            if (layer.isActivation(argument)) {
                return whole(layer.operator() + " takes its scales at run time");
            }
        }
        if (!input.shape().subList(0, 2).equals(output.shape().subList(0, 2))) {
            return whole(layer.operator() + " resizes channels");
        }
        return ofRows(layer, input, output);
    }

    private static RowGeometry ofRows(LayerShapes layer, TensorSpec input, TensorSpec output) {
        String mode = layer.attributes().text("mode", "nearest");
        if (!mode.equals("nearest")) {
            return whole(layer.operator() + " in mode '" + mode + "' blends rows");
        }
        List<Integer> rows = List.of(input.rows(), output.rows());
        if (rows.get(1) % rows.get(0) != 0) {
            return whole(layer.operator() + " from " + rows.get(0) + " to " + rows.get(1) + " rows is no whole factor");
        }
        int factor = rows.get(1) / rows.get(0);
        if (factor == 1) {
            return new Rowwise();
        }
        return roundsDown(layer)
                ? new Enlarge(factor)
                : whole(layer.operator() + " does not read row r / factor: coordinates "
                        + layer.attributes().text("coordinate_transformation_mode", "half_pixel") + ", rounding "
                        + layer.attributes().text("nearest_mode", "round_prefer_floor"));
    }

    /**
     * Whether output row r reads input row r / factor, rounded down. With half-pixel coordinates the source is
     * (r + 0.5) / factor - 0.5, which rounds to the same row and never falls half way between two.
     */
    private static boolean roundsDown(LayerShapes layer) {
        if (layer.operator().equals("Upsample") || layer.opset() < 11) {
            return true;
        }
        String coordinates = layer.attributes().text("coordinate_transformation_mode", "half_pixel");
        String rounding = layer.attributes().text("nearest_mode", "round_prefer_floor");
        return (coordinates.equals("asymmetric") && rounding.equals("floor"))
                || (HALF_PIXEL.contains(coordinates) && rounding.startsWith("round_prefer"));
    }
}
