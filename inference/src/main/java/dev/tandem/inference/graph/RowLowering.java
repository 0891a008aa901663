package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;

/**
 * Lowers operators that reduce whole feature maps, so that parts of the rows can be computed apart: to statistics of each row,
 * and a step that puts the statistics of all rows together. A stage that is divided along rows ends between the two, and
 * what travels there from each shard to all is a column for each channel instead of the map.
 *
 * <p>Statistics of rows do not depend on how the rows are divided, so neither do results, to the last bit but for what
 * kernels make of other shapes. They differ from those of the operator itself by the rounding of sums in another order.
 */
final class RowLowering {

    private static final int ROWS = 2;
    private static final int COLUMNS = 3;
    /** Element-wise operators broadcast from this version of the standard operators on. */
    private static final long BROADCASTING = 7;

    private final LayerShapes layer;
    private final TensorSpec map;
    private final List<Integer> ofRows;
    private final List<Integer> ofMap;

    private RowLowering(LayerShapes layer, TensorSpec map) {
        this.layer = layer;
        this.map = map;
        this.ofRows = List.of(map.shape().get(0), map.shape().get(1), map.rows(), 1);
        this.ofMap = List.of(map.shape().get(0), map.shape().get(1), 1, 1);
    }

    /** What the node is lowered to; nothing where it is no such operator, or not of FLOAT maps of several rows. */
    static Optional<LoweredNode> of(LayerShapes layer) {
        Optional<TensorSpec> map = layer.activation(0)
                .filter(spec -> spec.type() == ElementType.FLOAT && spec.isFeatureMap() && spec.rows() > 1)
                .filter(spec -> spec.elements() > 0);
        if (map.isEmpty()
                || !GraphTensors.canonicalDomain(layer.node().getDomain()).isEmpty()) {
            return Optional.empty();
        }
        RowLowering lowering = new RowLowering(layer, map.get());
        return switch (layer.operator()) {
            case "GlobalAveragePool" -> Optional.of(lowering.average(true));
            case "ReduceMean" ->
                lowering.isOverMaps() ? Optional.of(lowering.average(lowering.keepsAxes())) : Optional.empty();
            case "AveragePool" -> lowering.isOfWholeMaps() ? Optional.of(lowering.average(true)) : Optional.empty();
            case "InstanceNormalization" -> lowering.normalisation();
            default -> Optional.empty();
        };
    }

    private LoweredNode average(boolean keepsAxes) {
        LoweredParts parts = new LoweredParts(layer.node(), layer.opset());
        String rows = parts.mean(map.name(), COLUMNS, "row_means", ofRows);
        if (keepsAxes) {
            parts.meanAtTheEnd(rows, ROWS);
        } else {
            parts.applyAtTheEnd("Flatten", List.of(parts.mean(rows, ROWS, "mean", ofMap)));
        }
        return parts.lowered();
    }

    private boolean keepsAxes() {
        return layer.attributes().integer("keepdims", 1) != 0;
    }

    private boolean isOverMaps() {
        return layer.attributes()
                .integers("axes")
                .or(() -> layer.integers(1))
                .map(axes -> axes.stream()
                        .map(SpatialGeometries::normalised)
                        .sorted()
                        .toList())
                .filter(List.of(ROWS, COLUMNS)::equals)
                .isPresent();
    }

    /** Whether one window covers a map, without padding. */
    private boolean isOfWholeMaps() {
        NodeAttributes attributes = layer.attributes();
        boolean isPadded =
                attributes.integers("pads").orElse(List.of()).stream().anyMatch(pad -> pad != 0)
                        || !attributes.text("auto_pad", "NOTSET").equals("NOTSET");
        boolean isDilated =
                attributes.integers("dilations").orElse(List.of()).stream().anyMatch(step -> step != 1);
        return !isPadded
                && !isDilated
                && attributes
                        .integers("kernel_shape")
                        .equals(Optional.of(map.shape().subList(ROWS, map.rank())))
                && layer.output().filter(output -> output.shape().equals(ofMap)).isPresent();
    }

    /**
     * Variances are put together from those of rows and from how far the means of rows are apart (Chan, Golub and LeVeque,
     * Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979): sums of squares of the map itself
     * would cancel where means are large.
     */
    private Optional<LoweredNode> normalisation() {
        Optional<TensorProto> scale = ofChannels(1);
        Optional<TensorProto> bias = ofChannels(2);
        return scale.isEmpty() || bias.isEmpty() || layer.opset() < BROADCASTING
                ? Optional.empty()
                : Optional.of(normalisation(scale.get(), bias.get()));
    }

    private LoweredNode normalisation(TensorProto scale, TensorProto bias) {
        List<Long> ofChannels = List.of(1L, map.shape().get(1).longValue(), 1L, 1L);
        LoweredParts parts = new LoweredParts(layer.node(), layer.opset());
        String rows = parts.mean(map.name(), COLUMNS, "row_means", ofRows);
        String apart = parts.apply("Sub", List.of(map.name(), rows), "apart", map.shape());
        String squares = parts.squares(apart, COLUMNS, "row_squares", ofRows);
        String perColumn = parts.number(1f / map.shape().get(COLUMNS), "per_column");
        String variances = parts.apply("Mul", List.of(squares, perColumn), "row_variances", ofRows);
        String mean = parts.mean(rows, ROWS, "mean", ofMap);
        String offsets = parts.apply("Sub", List.of(rows, mean), "offsets", ofRows);
        String offsetSquares = parts.apply("Mul", List.of(offsets, offsets), "offset_squares", ofRows);
        String spread = parts.apply("Add", List.of(variances, offsetSquares), "spread", ofRows);
        String variance = parts.mean(spread, ROWS, "variance", ofMap);
        String epsilon = parts.number(layer.attributes().number("epsilon", 1e-5f), "epsilon");
        String steady = parts.apply("Add", List.of(variance, epsilon), "steady", ofMap);
        String deviation = parts.apply("Sqrt", List.of(steady), "deviation", ofMap);
        String gain = parts.apply("Div", List.of(parts.reshaped(scale, "scale", ofChannels), deviation), "gain", ofMap);
        String shifted = parts.apply("Mul", List.of(mean, gain), "shifted", ofMap);
        String shift = parts.apply("Sub", List.of(parts.reshaped(bias, "bias", ofChannels), shifted), "shift", ofMap);
        String scaled = parts.apply("Mul", List.of(map.name(), gain), "scaled", map.shape());
        parts.applyAtTheEnd("Add", List.of(scaled, shift));
        return parts.lowered();
    }

    /** A constant input with a number for each channel, as the model holds it. */
    private Optional<TensorProto> ofChannels(int input) {
        return layer.hasInput(input)
                ? layer.constants().initialiser(layer.node().getInput(input)).filter(tensor -> tensor.getDimsList()
                        .equals(List.of(map.shape().get(1).longValue())))
                : Optional.empty();
    }
}
