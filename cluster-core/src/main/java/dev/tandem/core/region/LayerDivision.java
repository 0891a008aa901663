package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a layer cannot be computed in parts along an axis, as far as its geometry and shapes tell.
 *
 * <p>A layer that reads nothing that could be divided, such as the dense layers of a squeeze-and-excitation block behind
 * its pooling for rows, is no obstacle: every shard computes it whole.
 */
final class LayerDivision {

    private final ModelGraph graph;
    private final Axis axis;
    private final Layer layer;

    private LayerDivision(ModelGraph graph, Axis axis, Layer layer) {
        this.graph = graph;
        this.axis = axis;
        this.layer = layer;
    }

    static Optional<String> refusal(ModelGraph graph, Axis axis, Layer layer) {
        LayerDivision division = new LayerDivision(graph, axis, layer);
        return graph.index().obstacle(axis, layer.index(), division::obstacle);
    }

    private Optional<String> obstacle() {
        AxisGeometry geometry = layer.along(axis);
        if (geometry instanceof Whole whole) {
            return readsDivisible() ? Optional.of(subject() + whole.reason()) : Optional.empty();
        }
        if (geometry instanceof Split) {
            return Optional.empty();
        }
        if (written().size() > 1) {
            return Optional.of(subject() + "writes tensors of different extents along " + axis.words());
        }
        if (geometry instanceof TransposedWindow window && window.stride() > window.span()) {
            return Optional.of(subject() + "has a stride (" + window.stride() + ") beyond its kernel (" + window.span()
                    + "), so that some " + axis.words() + " have no input");
        }
        if (geometry instanceof Dense || geometry instanceof Groups || geometry instanceof Join) {
            return Optional.empty();
        }
        return geometry instanceof Pointwise ? joinRefusal() : shapeRefusal();
    }

    private boolean readsDivisible() {
        return layer.inputs().stream().anyMatch(input -> axis.divisible(graph.tensor(input)) > 0);
    }

    /** Extents of what it writes, where that can be divided. */
    private Set<Integer> written() {
        return layer.outputs().stream()
                .map(output -> axis.divisible(graph.tensor(output)))
                .filter(extent -> extent > 0)
                .collect(Collectors.toSet());
    }

    /** What is no feature map on one side of a window cannot be cut with the other side. */
    private Optional<String> shapeRefusal() {
        boolean mapsOnly = layer.outputs().stream().map(graph::tensor).allMatch(TensorSpec::isFeatureMap);
        return mapsOnly || !readsDivisible()
                ? Optional.empty()
                : Optional.of(subject() + "turns a feature map into something else");
    }

    /** Element-wise layers: every input that varies along the axis must have the extent of the output. */
    private Optional<String> joinRefusal() {
        Set<Integer> written = written();
        for (String name : layer.inputs()) {
            TensorSpec input = graph.tensor(name);
            if (varies(input) && !written.contains(axis.divisible(input))) {
                if (!written.isEmpty() || axis.divisible(input) > 0) {
                    return Optional.of(subject() + "joins '" + name + "' of shape " + input.shape() + " with "
                            + axis.words() + " of another extent " + written);
                }
            }
        }
        return Optional.empty();
    }

    /** Shapes are aligned at their last axis when they are broadcast; what loses axes is not. */
    private boolean varies(TensorSpec input) {
        List<Integer> shape = input.shape();
        int rank = graph.tensor(layer.outputs().get(0)).rank();
        int dimension = shape.size() > rank ? axis.dimension() : shape.size() - (rank - axis.dimension());
        return dimension >= 0 && dimension < shape.size() && shape.get(dimension) > 1;
    }

    private String subject() {
        return "layer '" + layer.name() + "' (" + layer.operator() + ") ";
    }
}
