package dev.tandem.harness.experiment.edgeld;

import dev.tandem.harness.experiment.edgeld.RowChain.Unit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The least time that the model allows, by dynamic programming over where blocks end and, within each block, over which
 * followers have had rows and how many rows those are: every subset of the followers, every order of their rows and every
 * number of rows. Nothing is assumed of the times of parts. Shares no code with the planners.
 */
final class Optimum {

    /** What may be in a block. */
    enum Space {
        /**
         * As the papers have it: convolutions with what is element-wise; every convolution is in a block, and the next
         * block can be dealt as soon as the leader has the rows of the one before.
         */
        CONVOLUTIONS,
        /**
         * Any layers with rows, also poolings, between layers that the leader computes, which may be convolutions: all that
         * can be planned where nothing is passed on without being computed with.
         */
        ANY_LAYERS,
        /** The same, and the leader may pass a block's rows on to the next block without a call of its own. */
        ANY_LAYERS_RELAYED
    }

    private static final int ON_LEADER = 0;
    private static final int ON_FOLLOWERS = 1;

    private final RowChain chain;
    private final List<Follower> followers;
    /** By first unit and the one behind the last, of all followers together. */
    private final Map<List<Integer>, Double> leastSeconds = new HashMap<>();

    Optimum(RowChain chain, List<Follower> followers) {
        this.chain = chain;
        this.followers = followers;
    }

    double seconds(Space space) {
        int units = chain.units().size();
        double[][] best = new double[units + 1][2];
        Arrays.stream(best).skip(1).forEach(row -> Arrays.fill(row, Double.POSITIVE_INFINITY));
        double whole = Double.POSITIVE_INFINITY;
        for (int from = 0; from <= units; from++) {
            double begun = Math.min(best[from][ON_LEADER], best[from][ON_FOLLOWERS]);
            double dealt = space == Space.ANY_LAYERS ? best[from][ON_LEADER] : begun;
            whole = Math.min(whole, begun + leaderSeconds(space, from, units) + chain.tailSeconds());
            for (int to = from + 1; to <= units && Double.isFinite(begun); to++) {
                double kept = begun + leaderSeconds(space, from, to);
                best[to][ON_LEADER] = Math.min(best[to][ON_LEADER], kept);
                double divided = dealt + blockSeconds(space, from, to);
                best[to][ON_FOLLOWERS] = Math.min(best[to][ON_FOLLOWERS], divided);
            }
        }
        return whole;
    }

    private double leaderSeconds(Space space, int from, int to) {
        List<Unit> units = chain.units().subList(from, to);
        if (space == Space.CONVOLUTIONS && units.stream().anyMatch(Unit::convolves)) {
            return Double.POSITIVE_INFINITY;
        }
        return LinearTime.SECONDS_PER_CALL
                + units.stream().mapToDouble(Unit::seconds).sum();
    }

    private double blockSeconds(Space space, int from, int to) {
        List<Unit> units = chain.units().subList(from, to);
        boolean pools = units.stream().anyMatch(unit -> !unit.convolves() && unit.kernel() > 1);
        return space == Space.CONVOLUTIONS && pools
                ? Double.POSITIVE_INFINITY
                : leastSeconds.computeIfAbsent(List.of(from, to), ends -> least(new Block(units)));
    }

    private double least(Block block) {
        int rows = block.rows();
        int sets = 1 << followers.size();
        double[][] slowest = new double[sets][rows + 1];
        for (double[] ofSet : slowest) {
            Arrays.fill(ofSet, Double.POSITIVE_INFINITY);
        }
        slowest[0][0] = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int set = 0; set < sets; set++) {
            for (int from = 0; from < rows; from++) {
                if (slowest[set][from] < Double.POSITIVE_INFINITY) {
                    extend(block, slowest, set, from);
                }
            }
            least = Math.min(least, slowest[set][rows]);
        }
        return least;
    }

    private void extend(Block block, double[][] slowest, int set, int from) {
        for (int next = 0; next < followers.size(); next++) {
            int larger = set | 1 << next;
            for (int to = from + 1; to <= block.rows() && larger != set; to++) {
                double seconds = Math.max(slowest[set][from], block.seconds(followers.get(next), from, to));
                slowest[larger][to] = Math.min(slowest[larger][to], seconds);
            }
        }
    }
}
