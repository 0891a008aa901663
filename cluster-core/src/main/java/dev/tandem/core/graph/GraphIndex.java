package dev.tandem.core.graph;

import dev.tandem.core.region.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which tensors each layer reads and writes, by number: a walk through a segment then needs no names. Safe to share between threads. */
public final class GraphIndex {

    private static final int NOBODY = -1;

    private final List<TensorSpec> tensors;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int[][] extents;
    private final long[] bytes;
    private final int[][] read;
    private final int[][] written;
    private final int[] producers;
    private final int[] lastReaders;
    private final boolean[] areModelOutputs;
    private final List<AtomicReferenceArray<@Nullable Optional<String>>> obstacles;

    GraphIndex(List<Layer> layers, Map<String, TensorSpec> byName, List<TensorSpec> modelOutputs) {
        List<TensorSpec> ordered = new ArrayList<>();
        for (String name : new TreeSet<>(byName.keySet())) {
            numbers.put(name, ordered.size());
            ordered.add(Objects.requireNonNull(byName.get(name)));
        }
        this.tensors = List.copyOf(ordered);
        this.extents = Stream.of(Axis.values()).map(this::extents).toArray(int[][]::new);
        this.bytes = tensors.stream().mapToLong(TensorSpec::bytes).toArray();
        this.read = layers.stream().map(layer -> numbers(layer.inputs())).toArray(int[][]::new);
        this.written = layers.stream().map(layer -> numbers(layer.outputs())).toArray(int[][]::new);
        this.lastReaders = new int[tensors.size()];
        this.producers = new int[tensors.size()];
        Arrays.fill(lastReaders, NOBODY);
        Arrays.fill(producers, NOBODY);
        for (int layer = 0; layer < read.length; layer++) {
            for (int tensor : written[layer]) {
                producers[tensor] = layer;
            }
            for (int tensor : read[layer]) {
                lastReaders[tensor] = layer;
            }
        }
        this.areModelOutputs = new boolean[tensors.size()];
        this.obstacles = Stream.of(Axis.values())
                .<AtomicReferenceArray<@Nullable Optional<String>>>map(
                        axis -> new AtomicReferenceArray<>(layers.size()))
                .toList();
        modelOutputs.forEach(output -> areModelOutputs[number(output.name())] = true);
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

    private int[] extents(Axis axis) {
        return tensors.stream().mapToInt(axis::divisible).toArray();
    }

    /** Extent of a tensor along an axis where it is more than one; 0 for any other tensor: there is nothing to divide. */
    public int divisible(Axis axis, int tensor) {
        return extents[axis.dimension()][tensor];
    }

    /** {@link #divisible} along rows. */
    public int divisibleRows(int tensor) {
        return divisible(Axis.ROWS, tensor);
    }

    /** The layer that writes the tensor, or -1 for a model input. */
    public int producer(int tensor) {
        return producers[tensor];
    }

    public long bytes(int tensor) {
        return bytes[tensor];
    }

    /**
     * What keeps a layer from being computed in parts along an axis, if anything: found by whoever asks first, and kept.
     *
     * @param finder the same for everyone
     */
    public Optional<String> obstacle(Axis axis, int layer, Supplier<Optional<String>> finder) {
        AtomicReferenceArray<@Nullable Optional<String>> along = obstacles.get(axis.dimension());
        Optional<String> known = along.get(layer);
        if (known == null) {
            known = finder.get();
            along.set(layer, known);
        }
        return known;
    }

    /** Whether a segment that ends in front of a layer, and holds the one that writes the tensor, has it as an output. */
    public boolean isOutput(int tensor, int end) {
        return lastReaders[tensor] >= end || areModelOutputs[tensor];
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
