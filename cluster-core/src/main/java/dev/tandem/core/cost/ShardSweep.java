package dev.tandem.core.cost;

import dev.tandem.core.graph.GraphIndex;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * What a shard of the segments that end at one place takes on a core group, for every place where they may begin, from one walk
 * backwards: {@link SegmentSeconds} has the formula. Used by one thread.
 */
public final class ShardSweep {

    private final ModelGraph graph;
    private final GraphIndex index;
    private final SegmentTimes times;
    private final RegionSweep needed;
    /** By tensor, whether a layer of the segment so far reads it, also one that the shard does not compute. */
    private final boolean[] read;

    private double layers;
    /** Bytes of the outputs so far: of all of them, and of what the shard computes. */
    private long outputs;

    private long ownedOutputs;

    ShardSweep(ModelGraph graph, SegmentTimes times, RegionSweep needed) {
        this.graph = graph;
        this.index = graph.index();
        this.times = times;
        this.needed = needed;
        this.read = new boolean[index.tensors()];
    }

    /**
     * The walk through a segment.
     *
     * @param outputs what the shard computes of what the segment writes; what is not named it computes whole
     */
    static ShardSweep over(ModelGraph graph, SegmentTimes times, Segment segment, Map<String, Region> outputs) {
        ShardSweep sweep = new ShardSweep(graph, times, RegionSweep.of(graph, segment.to(), outputs));
        while (sweep.needed().begin() > segment.from()) {
            sweep.back();
        }
        return sweep;
    }

    /** What is needed of the segment so far. */
    public RegionSweep needed() {
        return needed;
    }

    /** Takes the layer in front of the segment into it; there must be one. */
    public void back() {
        needed.back();
        int layer = needed.begin();
        double share = needed.share();
        layers += share == 0 ? 0 : times.shareSeconds(layer, share);
        for (int operand = 0; operand < index.reads(layer); operand++) {
            read[index.read(layer, operand)] = true;
        }
        for (int result = 0; result < index.writes(layer); result++) {
            int tensor = index.written(layer, result);
            if (index.isOutput(tensor, needed.end())) {
                outputs += index.bytes(tensor);
                ownedOutputs += needed.bytes(tensor);
            }
        }
    }

    /** Of one inference of the shard's part of the segment so far. */
    public double computeSeconds() {
        double begins = times.beginSeconds(needed.begin());
        double ends = times.endSeconds(needed.end());
        return times.callSeconds()
                + layers
                + (begins == 0 ? 0 : begins * share(inputBytes(), readBytes()))
                + (ends == 0 ? 0 : ends * share(outputs, ownedOutputs));
    }

    /** Of what the segment so far reads from outside, the bytes that the shard reads. */
    public long readBytes() {
        return bytes(needed::bytes);
    }

    /** Of what the segment so far writes for outside, the bytes that the shard writes. */
    public long writtenBytes() {
        return ownedOutputs;
    }

    private long inputBytes() {
        return bytes(index::bytes);
    }

    private long bytes(IntToLongFunction bytesOf) {
        long all = 0;
        for (TensorSpec tensor : crossing(needed.begin())) {
            int number = index.number(tensor.name());
            all += read[number] ? bytesOf.applyAsLong(number) : 0;
        }
        return all;
    }

    private static double share(long all, long held) {
        return all > 0 ? (double) held / all : 0;
    }

    private List<TensorSpec> crossing(int position) {
        return position == 0 ? graph.inputs() : graph.cuts().get(position - 1).crossing();
    }
}
