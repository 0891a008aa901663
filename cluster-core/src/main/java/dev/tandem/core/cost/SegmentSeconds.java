package dev.tandem.core.cost;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Seconds of segments, and of row shares of them, on the core group that a profile is of:
 *
 * <pre>
 * secondsPerCall + begin + end + sum over layers of (time * share + min(secondsPerNarrowLayer, time * (1 - share)))
 * </pre>
 *
 * with {@code share} what is computed of a layer, nothing for one that is not needed, and {@code begin} and {@code end} the
 * costs of the cuts where the segment begins and ends: the crossing bytes by the cost of a byte, in proportion to the bytes that a
 * share holds. A cut never costs more than what lies beyond it would, so that a longer segment is never cheaper. Immutable.
 */
final class SegmentSeconds {

    private final ModelGraph graph;
    private final Profile profile;
    private final double[] before;
    private final double[] begin;
    private final double[] end;

    SegmentSeconds(ModelGraph graph, Profile profile) {
        this(graph, profile, profile.costs().cutsCost() ? crossingBytes(graph) : new long[0]);
    }

    /** @param crossingBytes by position, see {@link #crossingBytes}; empty where cuts cost nothing */
    SegmentSeconds(ModelGraph graph, Profile profile, long[] crossingBytes) {
        this.graph = graph;
        this.profile = profile;
        List<Double> times = profile.times().seconds();
        int layers = times.size();
        this.before = new double[layers + 1];
        for (int layer = 0; layer < layers; layer++) {
            before[layer + 1] = before[layer] + times.get(layer);
        }
        double[] cuts = cutSeconds(crossingBytes);
        this.begin = cuts.clone();
        this.end = cuts.clone();
        for (int position = 1; position <= layers; position++) {
            begin[position] = Math.min(begin[position], begin[position - 1] + times.get(position - 1));
        }
        for (int position = layers - 1; position >= 0; position--) {
            end[position] = Math.min(end[position], end[position + 1] + times.get(position));
        }
    }

    double seconds(Segment segment) {
        return seconds(segment.from(), segment.to());
    }

    double seconds(int from, int to) {
        return profile.costs().secondsPerCall() + begin[from] + layers(from, to) + end[to];
    }

    /** Of the layers alone. */
    double layers(int from, int to) {
        return before[to] - before[from];
    }

    /** @param outputs what is computed of what the segment writes; what is not named is computed whole */
    double seconds(Segment segment, Map<String, Region> outputs) {
        return ShardSweep.over(graph, new SegmentTimes(this, 1, 0), segment, outputs)
                .computeSeconds();
    }

    /** Of a layer that computes a share of its rows. */
    double layerSeconds(int layer, double share) {
        double time = before[layer + 1] - before[layer];
        return time * share + Math.min(profile.costs().secondsPerNarrowLayer(), time * (1 - share));
    }

    double secondsPerCall() {
        return profile.costs().secondsPerCall();
    }

    /** Of the cut where a segment begins, when all that crosses there is held. */
    double beginSeconds(int position) {
        return begin[position];
    }

    /** Likewise where it ends. */
    double endSeconds(int position) {
        return end[position];
    }

    /** By position; nothing at the model's own ends. */
    private double[] cutSeconds(long[] crossingBytes) {
        double[] seconds = new double[before.length];
        SegmentCosts costs = profile.costs();
        boolean[] fused = fused(profile.kernels());
        for (int position = 1; position < crossingBytes.length; position++) {
            double perByte = fused[position] ? costs.secondsPerFusedCutByte() : costs.secondsPerCutByte();
            seconds[position] = perByte * crossingBytes[position];
        }
        return seconds;
    }

    /** By position the bytes of the tensors that cross there; nothing at the model's own ends. */
    static long[] crossingBytes(ModelGraph graph) {
        long[] bytes = new long[graph.layers().size() + 1];
        graph.cuts().forEach(cut -> bytes[cut.position()] = cut.bytes());
        return bytes;
    }

    /** By position whether a kernel computes layers on both sides of it. */
    static boolean[] fused(List<Integer> kernels) {
        int layers = kernels.size();
        int[] first = new int[layers];
        int[] last = new int[layers];
        Arrays.fill(first, layers);
        for (int layer = 0; layer < layers; layer++) {
            first[kernels.get(layer)] = Math.min(first[kernels.get(layer)], layer);
            last[kernels.get(layer)] = layer;
        }
        boolean[] fused = new boolean[layers + 1];
        for (int kernel = 0; kernel < layers; kernel++) {
            for (int position = first[kernel] + 1; position <= last[kernel]; position++) {
                fused[position] = true;
            }
        }
        return fused;
    }
}
