package dev.tandem.core.planner;

import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.stream.Stream;

/**
 * The places where a chain of stages may begin and end, and what stages between them cost: position 0 is before the first
 * layer, then come the allowed cuts, the last one is behind the last layer. Immutable.
 */
public final class CutCosts {

    private final PlanRequest request;
    private final int[] layers;
    private final long[] bytes;
    private final long[][] memoryBytes;

    public CutCosts(PlanRequest request) {
        this.request = request;
        List<Cut> cuts = request.graph().allowedCuts();
        this.layers = Stream.of(
                        Stream.of(0),
                        cuts.stream().map(Cut::position),
                        Stream.of(request.graph().layers().size()))
                .flatMap(positions -> positions)
                .mapToInt(Integer::intValue)
                .toArray();
        this.bytes = Stream.of(
                        Stream.of(request.graph().inputBytes()),
                        cuts.stream().map(Cut::bytes),
                        Stream.of(request.graph().outputBytes()))
                .flatMap(sizes -> sizes)
                .mapToLong(Long::longValue)
                .toArray();
        this.memoryBytes = new long[layers.length - 1][];
        for (int from = 0; from < memoryBytes.length; from++) {
            memoryBytes[from] = request.cost().memoryBytesFrom(layers[from]);
        }
    }

    /** Index of the last position, at least 1. */
    public int end() {
        return layers.length - 1;
    }

    /** Layers before a position. */
    public int layer(int position) {
        return layers[position];
    }

    public Segment segment(int from, int to) {
        return new Segment(layers[from], layers[to]);
    }

    /** What crosses: at position 0 the model inputs, at the last one the model outputs. */
    public long bytes(int position) {
        return bytes[position];
    }

    /** Memory of the whole layers between two positions. */
    public long memoryBytes(int from, int to) {
        return memoryBytes[from][layers[to] - layers[from] - 1];
    }

    /** Seconds of the whole layers between two positions. */
    public double computeSeconds(CoreGroup group, int from, int to) {
        return request.cost().computeSeconds(group, segment(from, to));
    }
}
