package dev.tandem.core.cost;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.region.Axis;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Memory of segments: {@code weights + 2 * peak of activations + window * (input + output buffers)}.
 *
 * <p>An activation lives from the layer that writes it, or the first of the segment that reads it, to the last one of the
 * segment that reads it. In segments with convolutions or pools all of them count, inputs and outputs beside their buffers:
 * the runtime computes such layers on blocks of channels, and copies inputs into that layout and outputs out of it. In other
 * segments those count that are written and read for the last time inside.
 *
 * <p>Twice the peak is what the runtime keeps for it: its arena grows by doubling, and the first run, by which it learns how to
 * lay the activations out, leaves its own blocks behind. Segments of VGG-16 with a peak of 24.5 MiB kept 54 MiB. All segments
 * that begin at one layer come out of one sweep, so that a planner can ask for every pair of cuts. Safe to share between
 * threads.
 */
final class SegmentMemory {

    private static final int ARENA_SHARE = 2;
    private static final int NOWHERE = -1;

    private final GraphIndex index;
    private final int[] producer;
    private final int[] lastReader;
    private final boolean[] modelOutput;
    private final boolean[] computesInBlocks;
    private final long[] weightBytes;
    private final int window;
    /** Of all segments of whole tensors from a layer on, once someone has asked. */
    private final AtomicReferenceArray<long @Nullable []> whole;

    SegmentMemory(ModelGraph graph, int window) {
        this.window = window;
        this.index = graph.index();
        List<Layer> layers = graph.layers();
        producer = new int[index.tensors()];
        lastReader = new int[index.tensors()];
        modelOutput = new boolean[index.tensors()];
        for (int tensor = 0; tensor < producer.length; tensor++) {
            String name = index.tensor(tensor).name();
            producer[tensor] = graph.producer(name);
            modelOutput[tensor] = graph.isModelOutput(name);
        }
        Arrays.fill(lastReader, NOWHERE);
        for (int layer = 0; layer < layers.size(); layer++) {
            for (int operand = 0; operand < index.reads(layer); operand++) {
                lastReader[index.read(layer, operand)] = layer;
            }
        }
        computesInBlocks = new boolean[layers.size()];
        layers.forEach(layer -> computesInBlocks[layer.index()] = isBlocked(layer));
        weightBytes = layers.stream().mapToLong(Layer::weightBytes).toArray();
        whole = new AtomicReferenceArray<>(layers.size());
    }

    /** What only moves elements, such as a Slice or SpaceToDepth, is a window by its geometry, too. */
    private static boolean isBlocked(Layer layer) {
        AxisGeometry rows = layer.along(Axis.ROWS);
        boolean isWindow = rows instanceof Window || rows instanceof TransposedWindow;
        return isWindow && (layer.multiplyAdds() > 0 || layer.operator().endsWith("Pool"));
    }

    /**
     * Memory of the segments {@code [from, to)} of whole tensors for every {@code to}.
     *
     * @return bytes by {@code to - from - 1}; not to be written to
     */
    long[] whole(int from) {
        long[] known = whole.get(from);
        if (known == null) {
            known = sweep(from, weightBytes.length, index::bytes);
            whole.set(from, known);
        }
        return known;
    }

    /**
     * Memory of the segments {@code [from, to)} for every {@code to} up to an end.
     *
     * @param tensorBytes bytes that are held of a tensor, by its number
     * @return bytes by {@code to - from - 1}
     */
    long[] sweep(int from, int end, IntToLongFunction tensorBytes) {
        return sweep(from, end, tensorBytes, layer -> weightBytes[layer]);
    }

    /**
     * The same with parts of the weights.
     *
     * @param layerBytes bytes that are held of a layer's weights
     */
    long[] sweep(int from, int end, IntToLongFunction tensorBytes, IntToLongFunction layerBytes) {
        Sweep sweep = new Sweep(from, end);
        long[] bytes = new long[end - from];
        for (int layer = from; layer < end; layer++) {
            bytes[layer - from] = sweep.add(layer, tensorBytes, layerBytes.applyAsLong(layer));
        }
        return bytes;
    }

    /** The segment that grows layer by layer. */
    private final class Sweep {
        private final int from;
        private final Live inner;
        private final Live all;
        /** Of each tensor the last layer of the segment so far that writes or reads it. */
        private final int[] lastUse = new int[index.tensors()];

        private boolean isInBlocks;
        private long weights;
        private long buffers;

        Sweep(int from, int end) {
            this.from = from;
            this.inner = new Live(from, end);
            this.all = new Live(from, end);
            Arrays.fill(lastUse, NOWHERE);
        }

        long add(int layer, IntToLongFunction tensorBytes, long layerBytes) {
            weights += layerBytes;
            isInBlocks |= computesInBlocks[layer];
            for (int result = 0; result < index.writes(layer); result++) {
                int tensor = index.written(layer, result);
                write(tensor, layer, tensorBytes.applyAsLong(tensor));
            }
            for (int operand = 0; operand < index.reads(layer); operand++) {
                int tensor = index.read(layer, operand);
                read(tensor, layer, tensorBytes.applyAsLong(tensor));
            }
            long peak = isInBlocks ? all.peak : inner.peak;
            return weights + ARENA_SHARE * peak + window * buffers;
        }

        private void write(int tensor, int layer, long bytes) {
            if (lastReader[tensor] >= 0 || modelOutput[tensor]) {
                buffers += bytes;
            } else {
                inner.keep(layer, layer, bytes);
            }
            use(tensor, layer, bytes);
        }

        private void read(int tensor, int layer, long bytes) {
            if (producer[tensor] < from) {
                buffers += lastUse[tensor] == NOWHERE ? bytes : 0;
            } else if (lastReader[tensor] == layer && !modelOutput[tensor]) {
                buffers -= bytes;
                inner.keep(producer[tensor], layer, bytes);
            }
            use(tensor, layer, bytes);
        }

        private void use(int tensor, int layer, long bytes) {
            all.keep(lastUse[tensor] == NOWHERE ? layer : lastUse[tensor] + 1, layer, bytes);
            lastUse[tensor] = layer;
        }
    }

    /** Bytes that are live at each layer of a segment. */
    private static final class Live {
        private final int from;
        private final long[] bytes;
        private long peak;

        Live(int from, int end) {
            this.from = from;
            this.bytes = new long[end - from];
        }

        void keep(int first, int last, long more) {
            for (int layer = first; layer <= last; layer++) {
                bytes[layer - from] += more;
                peak = Math.max(peak, bytes[layer - from]);
            }
        }
    }
}
