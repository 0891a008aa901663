package dev.tandem.core.planner.hybrid;

import dev.tandem.core.planner.RelativeSpeeds;
import dev.tandem.core.region.NeededRows;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The least time that what is left of a model can take: core groups of {@link RelativeSpeeds}, every layer perfectly divided
 * and only what is needed of it computed, nothing lost in calls and transfers.
 */
final class Speeds {

    private final double[] speeds;
    private final double[] left;
    private final double fastestTogether;
    private final double leastJoulesPerSecond;

    /** @param together core groups that compute at a time */
    Speeds(Space space, int together) {
        StageCuts positions = space.positions();
        RelativeSpeeds relative = new RelativeSpeeds(
                space.cost(),
                IntStream.range(0, space.groups()).mapToObj(space::group).toList());
        NeededRows needed = NeededRows.of(space.cost().graph());
        left = new double[positions.end() + 1];
        for (int position = positions.end() - 1; position >= 0; position--) {
            left[position] = left[position + 1];
            for (int layer = positions.layer(position); layer < positions.layer(position + 1); layer++) {
                left[position] += needed.share(layer) * relative.work(layer);
            }
        }
        speeds = IntStream.range(0, space.groups()).mapToDouble(relative::speed).toArray();
        fastestTogether = Arrays.stream(speeds)
                .map(speed -> -speed)
                .sorted()
                .limit(together)
                .map(speed -> -speed)
                .sum();
        leastJoulesPerSecond = IntStream.range(0, speeds.length)
                .mapToDouble(group -> space.computeJoules(group, 1) / speeds[group])
                .min()
                .orElse(0);
    }

    /** Joules of computing the layers from a position on, beyond what idle machines take. */
    double joulesFrom(int position) {
        return left[position] * leastJoulesPerSecond;
    }

    /** Seconds of the layers from a position on, on as many core groups as a stage may have. */
    double secondsFrom(int position) {
        return left[position] / fastestTogether;
    }

    /** Seconds that the layers from a position on keep the first core group busy. */
    double left(int position) {
        return left[position];
    }

    double speed(int group) {
        return speeds[group];
    }
}
