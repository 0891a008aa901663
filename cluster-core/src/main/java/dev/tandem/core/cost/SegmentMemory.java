package dev.tandem.core.cost;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Memory of segments: {@code weights + 2 * peak of inner activations + window * (input + output buffers)}.
 *
 * <p>An inner activation is one that is written and read for the last time inside the segment; it lives from the layer
 * that writes it to the last one that reads it. All segments that begin at one layer come out of one sweep, so that a
 * planner can ask for every pair of cuts. Twice the peak is what the runtime keeps for it: its arena grows by doubling, and
 * the first run, by which it learns how to lay the activations out, leaves its own blocks behind. Segments of VGG-16 with a
 * peak of 24.5 MiB kept 54 MiB. Immutable.
 */
final class SegmentMemory {

    private static final int ARENA_SHARE = 2;

    private final List<String> names = new ArrayList<>();
    private final int[][] read;
    private final int[][] written;
    private final int[] producer;
    private final int[] lastReader;
    private final boolean[] modelOutput;
    private final long[] weightBytes;
    private final int window;

    SegmentMemory(ModelGraph graph, int window) {
        this.window = window;
        Map<String, Integer> ids = new HashMap<>();
        graph.inputs().forEach(input -> id(ids, input.name()));
        List<Layer> layers = graph.layers();
        read = new int[layers.size()][];
        written = new int[layers.size()][];
        for (Layer layer : layers) {
            read[layer.index()] = ids(ids, layer.inputs());
            written[layer.index()] = ids(ids, layer.outputs());
        }
        producer = names.stream().mapToInt(graph::producer).toArray();
        lastReader = new int[names.size()];
        Arrays.fill(lastReader, -1);
        layers.forEach(layer -> Arrays.stream(read[layer.index()]).forEach(id -> lastReader[id] = layer.index()));
        modelOutput = new boolean[names.size()];
        graph.outputs().forEach(output -> modelOutput[id(ids, output.name())] = true);
        weightBytes = layers.stream().mapToLong(Layer::weightBytes).toArray();
    }

    /**
     * Memory of the segments {@code [from, to)} for every {@code to} up to an end.
     *
     * @param tensorBytes bytes that are held of a tensor
     * @return bytes by {@code to - from - 1}
     */
    long[] sweep(int from, int end, ToLongFunction<String> tensorBytes) {
        Sweep sweep = new Sweep(from, end);
        long[] bytes = new long[end - from];
        for (int layer = from; layer < end; layer++) {
            bytes[layer - from] = sweep.add(layer, tensorBytes);
        }
        return bytes;
    }

    private int[] ids(Map<String, Integer> ids, List<String> tensors) {
        return tensors.stream().mapToInt(tensor -> id(ids, tensor)).toArray();
    }

    private int id(Map<String, Integer> ids, String tensor) {
        return ids.computeIfAbsent(tensor, name -> {
            names.add(name);
            return names.size() - 1;
        });
    }

    /** The segment that grows layer by layer. */
    private final class Sweep {
        private final int from;
        private final long[] innerBytes;
        private final boolean[] isInput = new boolean[names.size()];
        private long peak;
        private long weights;
        private long buffers;

        Sweep(int from, int end) {
            this.from = from;
            this.innerBytes = new long[end - from];
        }

        long add(int layer, ToLongFunction<String> tensorBytes) {
            weights += weightBytes[layer];
            for (int tensor : written[layer]) {
                write(tensor, tensorBytes.applyAsLong(names.get(tensor)));
            }
            for (int tensor : read[layer]) {
                read(tensor, layer, tensorBytes.applyAsLong(names.get(tensor)));
            }
            return weights + ARENA_SHARE * peak + window * buffers;
        }

        private void write(int tensor, long bytes) {
            if (lastReader[tensor] >= 0 || modelOutput[tensor]) {
                buffers += bytes;
            } else {
                keepInside(producer[tensor], producer[tensor], bytes);
            }
        }

        private void read(int tensor, int layer, long bytes) {
            if (producer[tensor] < from) {
                buffers += isInput[tensor] ? 0 : bytes;
                isInput[tensor] = true;
            } else if (lastReader[tensor] == layer && !modelOutput[tensor]) {
                buffers -= bytes;
                keepInside(producer[tensor], layer, bytes);
            }
        }

        private void keepInside(int first, int last, long bytes) {
            for (int layer = first; layer <= last; layer++) {
                innerBytes[layer - from] += bytes;
                peak = Math.max(peak, innerBytes[layer - from]);
            }
        }
    }
}
