package dev.tandem.core.region;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.RowGeometry.TransposedWindow;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a layer cannot be computed in row parts, as far as its geometry and shapes tell.
 *
 * <p>A layer that reads nothing with rows, such as the dense layers of a squeeze-and-excitation block behind its pooling,
 * is no obstacle: every shard computes it whole.
 */
final class LayerDivision {

    private LayerDivision() {}

    static Optional<String> refusal(ModelGraph graph, Layer layer) {
        return graph.index().rowObstacle(layer.index(), () -> obstacle(graph, layer));
    }

    private static Optional<String> obstacle(ModelGraph graph, Layer layer) {
        if (layer.geometry() instanceof WholeRows whole) {
            return readsRows(graph, layer) ? Optional.of(subject(layer) + whole.reason()) : Optional.empty();
        }
        if (heights(graph, layer.outputs()).size() > 1) {
            return Optional.of(subject(layer) + "writes tensors of different heights");
        }
        if (layer.geometry() instanceof TransposedWindow window && window.stride() > window.span()) {
            return Optional.of(subject(layer) + "has a stride (" + window.stride() + ") beyond its kernel ("
                    + window.span() + "), so that some rows have no input");
        }
        return layer.geometry() instanceof Rowwise ? joinRefusal(graph, layer) : shapeRefusal(graph, layer);
    }

    private static boolean readsRows(ModelGraph graph, Layer layer) {
        return layer.inputs().stream().map(graph::tensor).anyMatch(ReceptiveField::isDivisible);
    }

    private static Set<Integer> heights(ModelGraph graph, List<String> tensors) {
        return tensors.stream()
                .map(graph::tensor)
                .filter(ReceptiveField::isDivisible)
                .map(TensorSpec::rows)
                .collect(Collectors.toSet());
    }

    /** What is no feature map on one side of a window cannot be cut with the rows of the other side. */
    private static Optional<String> shapeRefusal(ModelGraph graph, Layer layer) {
        boolean mapsOnly = layer.outputs().stream().map(graph::tensor).allMatch(output -> output.isFeatureMap());
        return mapsOnly || !readsRows(graph, layer)
                ? Optional.empty()
                : Optional.of(subject(layer) + "turns a feature map into something else");
    }

    /** Element-wise layers: every input that varies along rows must have the rows of the output. */
    private static Optional<String> joinRefusal(ModelGraph graph, Layer layer) {
        Set<Integer> written = heights(graph, layer.outputs());
        for (String name : layer.inputs()) {
            TensorSpec input = graph.tensor(name);
            if (variesAlongRows(input) && !(input.isFeatureMap() && written.contains(input.rows()))) {
                if (!written.isEmpty() || input.isFeatureMap()) {
                    return Optional.of(subject(layer) + "joins '" + name + "' of shape " + input.shape()
                            + " with rows of another height " + written);
                }
            }
        }
        return Optional.empty();
    }

    /** Shapes are aligned at their last axis when they are broadcast, so that rows are the last but one. */
    private static boolean variesAlongRows(TensorSpec tensor) {
        return tensor.rank() >= 2 && tensor.shape().get(tensor.rank() - 2) > 1;
    }

    private static String subject(Layer layer) {
        return "layer '" + layer.name() + "' (" + layer.operator() + ") ";
    }
}
