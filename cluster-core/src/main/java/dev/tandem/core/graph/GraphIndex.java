package dev.tandem.core.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Which tensors each layer reads and writes, by number: a walk through a segment then needs no names. Immutable. */
public final class GraphIndex {

    private final List<TensorSpec> tensors;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int[] heights;
    private final int[][] read;
    private final int[][] written;

    GraphIndex(List<Layer> layers, Map<String, TensorSpec> byName) {
        List<TensorSpec> ordered = new ArrayList<>();
        for (String name : new TreeSet<>(byName.keySet())) {
            numbers.put(name, ordered.size());
            ordered.add(Objects.requireNonNull(byName.get(name)));
        }
        this.tensors = List.copyOf(ordered);
        this.heights = tensors.stream()
                .mapToInt(tensor -> tensor.isFeatureMap() && tensor.rows() > 1 ? tensor.rows() : 0)
                .toArray();
        this.read = layers.stream().map(layer -> numbers(layer.inputs())).toArray(int[][]::new);
        this.written = layers.stream().map(layer -> numbers(layer.outputs())).toArray(int[][]::new);
    }

    /** How many tensors there are; their numbers are below. */
    public int tensors() {
        return tensors.size();
    }

    public int number(String tensor) {
        return Objects.requireNonNull(numbers.get(tensor), () -> "no tensor '" + tensor + "' in the graph");
    }

    public TensorSpec tensor(int number) {
        return tensors.get(number);
    }

    /** Rows of a feature map of more than one row; 0 for any other tensor: it has no rows to divide. */
    public int divisibleRows(int tensor) {
        return heights[tensor];
    }

    public int reads(int layer) {
        return read[layer].length;
    }

    /** One of the tensors that a layer reads, in operator order. */
    public int read(int layer, int operand) {
        return read[layer][operand];
    }

    public int writes(int layer) {
        return written[layer].length;
    }

    /** One of the tensors that a layer writes. */
    public int written(int layer, int result) {
        return written[layer][result];
    }

    private int[] numbers(List<String> names) {
        return names.stream().mapToInt(this::number).toArray();
    }
}
