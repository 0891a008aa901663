package dev.tandem.core.planner.hybrid;

import dev.tandem.core.cost.CostModel;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The least time that what is left of a model can take: each core group taken to be as much faster than the first one as
 * it is anywhere, every layer perfectly divided, nothing lost in calls and transfers.
 */
final class Speeds {

    private final double[] speeds;
    private final double[] left;
    private final double fastestTogether;
    private final double leastJoulesPerSecond;

    /** @param together core groups that compute at a time */
    Speeds(Space space, int together) {
        Positions positions = space.positions();
        double[] reference = seconds(space, 0);
        left = new double[positions.end() + 1];
        for (int position = positions.end() - 1; position >= 0; position--) {
            left[position] = left[position + 1] + reference[position];
        }
        speeds = new double[space.groups()];
        for (int group = 0; group < speeds.length; group++) {
            speeds[group] = speed(reference, seconds(space, group));
        }
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

    private static double speed(double[] reference, double[] seconds) {
        double most = 0;
        for (int part = 0; part < seconds.length; part++) {
            most = reference[part] == 0 ? most : Math.max(most, reference[part] / seconds[part]);
        }
        return most;
    }

    private static double[] seconds(Space space, int group) {
        Positions positions = space.positions();
        CostModel cost = space.cost();
        double[] seconds = new double[positions.end()];
        for (int part = 0; part < seconds.length; part++) {
            seconds[part] = cost.layerSeconds(space.group(group), positions.segment(part, part + 1));
        }
        return seconds;
    }
}
