package dev.tandem.core.region;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which rows of every tensor of a segment are needed to compute given rows of what it writes.
 *
 * <p>The segment is walked backwards; where several layers read a tensor, the hull of their needs counts, because a
 * shard holds one run of rows of each tensor.
 */
public final class ReceptiveField {

    private final ModelGraph graph;
    private final Segment segment;
    private final Map<String, Interval> rows;
    /** Tensors that are read, or written for outside; a layer that writes none of them is not computed. */
    private final Set<String> needed = new HashSet<>();

    private ReceptiveField(ModelGraph graph, Segment segment, Map<String, Interval> outputRows) {
        this.graph = graph;
        this.segment = segment;
        this.rows = new HashMap<>(outputRows);
    }

    /**
     * Rows of every divisible tensor that the segment reads or writes, its inputs included.
     *
     * @param outputRows wanted rows of the segment's output tensors; one that is not named is wanted whole
     * @return rows by tensor, empty where only padding is read. Tensors that are not there are needed whole, or not at
     *     all: those that have no rows to divide (no feature map, or of height 1), and those that nothing reads
     */
    public static Map<String, Interval> rows(ModelGraph graph, Segment segment, Map<String, Interval> outputRows) {
        return new ReceptiveField(graph, segment, outputRows).walk();
    }

    /** Whether a tensor has rows to divide: a feature map of more than one row. */
    public static boolean isDivisible(TensorSpec tensor) {
        return tensor.isFeatureMap() && tensor.rows() > 1;
    }

    private Map<String, Interval> walk() {
        for (TensorSpec output : graph.outputs(segment)) {
            needed.add(output.name());
            if (isDivisible(output)) {
                rows.putIfAbsent(output.name(), new Interval(0, output.rows()));
            }
        }
        List<Layer> layers = graph.layers(segment);
        for (int index = layers.size() - 1; index >= 0; index--) {
            if (layers.get(index).outputs().stream().anyMatch(needed::contains)) {
                pullBack(layers.get(index));
            }
        }
        return Collections.unmodifiableMap(new TreeMap<>(rows));
    }

    private void pullBack(Layer layer) {
        Interval computed = computedRows(layer);
        for (String name : layer.inputs()) {
            TensorSpec input = graph.tensor(name);
            needed.add(name);
            if (isDivisible(input)) {
                rows.merge(name, layer.geometry().inputRows(computed, input.rows()), Interval::hull);
            }
        }
    }

    /** All outputs of a layer are computed over the same rows. */
    private Interval computedRows(Layer layer) {
        List<TensorSpec> outputs = layer.outputs().stream()
                .map(graph::tensor)
                .filter(ReceptiveField::isDivisible)
                .toList();
        Interval wanted = outputs.isEmpty() ? new Interval(0, 1) : Interval.EMPTY;
        for (TensorSpec output : outputs) {
            wanted = wanted.hull(rows.getOrDefault(output.name(), Interval.EMPTY));
        }
        for (TensorSpec output : outputs) {
            boolean whole = layer.geometry() instanceof WholeRows;
            rows.put(output.name(), whole ? new Interval(0, output.rows()) : wanted);
        }
        return wanted;
    }
}
