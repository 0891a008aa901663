package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.SegmentTimes;
import dev.tandem.core.topology.CoreGroup;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much faster core groups are than the first of them: as much as each is on the layer that suits it best, so that work
 * over speed is never more than the time it takes.
 *
 * <p>Layers that some core group does in next to no time are no work at all: by a time of 0, which profiles may say of a
 * layer that only renames its input, that core group would be infinitely fast.
 */
public final class RelativeSpeeds {

    /** Of the mean time of a layer. */
    private static final double NEXT_TO_NOTHING = 0.01;

    private final double[] work;
    private final double[] speeds;

    public RelativeSpeeds(CostModel cost, List<CoreGroup> groups) {
        double[][] seconds =
                groups.stream().map(group -> layerSeconds(cost, group)).toArray(double[][]::new);
        work = seconds[0].clone();
        for (double[] own : seconds) {
            double least = NEXT_TO_NOTHING * Arrays.stream(own).average().orElse(0);
            for (int layer = 0; layer < own.length; layer++) {
                if (own[layer] <= least) {
                    work[layer] = 0;
                }
            }
        }
        speeds = Arrays.stream(seconds).mapToDouble(this::speed).toArray();
    }

    /** Seconds of a layer on the first core group; 0 where it does not count. */
    public double work(int layer) {
        return work[layer];
    }

    /** By what factor, at most, a core group is faster than the first one; above 0 and finite. */
    public double speed(int group) {
        return speeds[group];
    }

    private double speed(double[] own) {
        return IntStream.range(0, work.length)
                .filter(layer -> work[layer] > 0)
                .mapToDouble(layer -> work[layer] / own[layer])
                .max()
                .orElse(1);
    }

    private static double[] layerSeconds(CostModel cost, CoreGroup group) {
        SegmentTimes times = cost.times(group);
        return IntStream.range(0, cost.graph().layers().size())
                .mapToDouble(layer -> times.layerSeconds(layer, layer + 1))
                .toArray();
    }
}
