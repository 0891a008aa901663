package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Enlarge;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Resize and Upsample: nearest neighbour by a whole factor is exact row by row, anything else is not claimed. */
final class ResizeGeometry {
    private static final Set<String> HALF_PIXEL = Set.of("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel");

    /** Coordinates that do not map a row to itself even where the height stays: by a region, or by half a row more. */
    private static final Set<String> MOVES_ROWS = Set.of("tf_crop_and_resize", "tf_half_pixel_for_nn");

    private static final int SIZES = 3;

    private ResizeGeometry() {}

    static AxisGeometry of(LayerShapes layer, Axis axis) {
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
        return along(layer, axis, input, output);
    }

    private static AxisGeometry along(LayerShapes layer, Axis axis, TensorSpec input, TensorSpec output) {
        String mode = layer.attributes().text("mode", "nearest");
        if (!mode.equals("nearest")) {
            return whole(layer.operator() + " in mode '" + mode + "' blends " + axis.words());
        }
        int read = input.shape().get(axis.dimension());
        int written = output.shape().get(axis.dimension());
        if (written % read != 0) {
            return whole(
                    layer.operator() + " from " + read + " to " + written + " " + axis.words() + " is no whole factor");
        }
        int factor = written / read;
        return reasonAgainst(layer, axis, factor)
                .<AxisGeometry>map(SpatialGeometries::whole)
                .orElseGet(() -> factor == 1 ? new Pointwise() : new Enlarge(factor));
    }

    /** Why output row r does not read input row r / factor, rounded down; none where it does. */
    private static Optional<String> reasonAgainst(LayerShapes layer, Axis axis, int factor) {
        String policy = layer.attributes().text("keep_aspect_ratio_policy", "stretch");
        if (layer.hasInput(SIZES) && !policy.equals("stretch")) {
            return Optional.of(layer.operator() + " keeps the aspect ratio (" + policy + "): its scale is not known");
        }
        Optional<Float> scale = layer.hasInput(SIZES) ? Optional.of((float) factor) : scale(layer, axis);
        if (scale.isEmpty()) {
            return Optional.of(layer.operator() + " has scales whose values cannot be told");
        }
        if (scale.get() != factor) {
            return Optional.of(layer.operator() + " samples " + axis.words() + " by the scale " + scale.get()
                    + ", not by the factor of the extents (" + factor + ")");
        }
        return roundsDown(layer, factor)
                ? Optional.empty()
                : Optional.of(layer.operator() + " does not read, for p of the " + axis.words() + ", p / " + factor
                        + ": coordinates " + coordinates(layer) + ", rounding " + rounding(layer));
    }

    /** The scale as it is given, which the runtime samples by; heights are rounded down to whole rows. */
    private static Optional<Float> scale(LayerShapes layer, Axis axis) {
        int argument = layer.operator().equals("Resize") && layer.opset() >= 11 ? 2 : 1;
        Optional<List<Float>> scales = layer.attributes().floats("scales").or(() -> layer.floats(argument));
        Optional<List<Integer>> axes = layer.attributes()
                .integers("axes")
                .map(list -> list.stream().map(SpatialGeometries::normalised).toList());
        int index = axes.map(list -> list.indexOf(axis.dimension())).orElse(axis.dimension());
        return index < 0
                ? Optional.of(1f)
                : scales.filter(list -> index < list.size()).map(list -> list.get(index));
    }

    /**
     * Whether output row r reads input row r / factor, rounded down. With half-pixel coordinates the source is
     * (r + 0.5) / factor - 0.5, which rounds to the same row and never falls half way between two.
     */
    private static boolean roundsDown(LayerShapes layer, int factor) {
        if (layer.operator().equals("Upsample") || layer.opset() < 11) {
            return true;
        }
        if (factor == 1) {
            return !MOVES_ROWS.contains(coordinates(layer));
        }
        return (coordinates(layer).equals("asymmetric") && rounding(layer).equals("floor"))
                || (HALF_PIXEL.contains(coordinates(layer)) && rounding(layer).startsWith("round_prefer"));
    }

    private static String coordinates(LayerShapes layer) {
        return layer.attributes().text("coordinate_transformation_mode", "half_pixel");
    }

    private static String rounding(LayerShapes layer) {
        return layer.attributes().text("nearest_mode", "round_prefer_floor");
    }
}
