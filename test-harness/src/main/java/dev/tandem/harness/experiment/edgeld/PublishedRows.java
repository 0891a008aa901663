package dev.tandem.harness.experiment.edgeld;

import java.util.List;

/**
 * The papers' ways to deal out rows: MoDNN's in proportion to rates (BODP), and EdgeDI's, which begins with these and moves
 * one row at a time from the slowest part to the fastest until the difference between them stops falling (OCBP).
 */
final class PublishedRows {

    private PublishedRows() {}

    /** Rounded down, and the last follower gets the rest. */
    static int[] byRate(int rows, List<Follower> followers) {
        double all = followers.stream().mapToDouble(Follower::rate).sum();
        int[] shares = new int[followers.size()];
        int left = rows;
        for (int part = 0; part + 1 < shares.length; part++) {
            shares[part] = (int) (rows * followers.get(part).rate() / all);
            left -= shares[part];
        }
        shares[shares.length - 1] = left;
        return shares;
    }

    static int[] rebalanced(Block block, List<Follower> followers) {
        int[] shares = byRate(block.rows(), followers);
        int[] best = shares.clone();
        double leastGap = Double.POSITIVE_INFINITY;
        while (true) {
            double[] seconds = seconds(block, followers, shares);
            int slowest = extreme(seconds, 1);
            int fastest = extreme(seconds, -1);
            double gap = seconds[slowest] - seconds[fastest];
            if (gap >= leastGap) {
                return best;
            }
            leastGap = gap;
            best = shares.clone();
            if (gap == 0 || shares[slowest] <= 1) {
                return best;
            }
            shares[slowest]--;
            shares[fastest]++;
        }
    }

    private static double[] seconds(Block block, List<Follower> followers, int[] shares) {
        double[] seconds = new double[shares.length];
        int from = 0;
        for (int part = 0; part < shares.length; part++) {
            seconds[part] = block.seconds(followers.get(part), from, from + shares[part]);
            from += shares[part];
        }
        return seconds;
    }

    private static int extreme(double[] seconds, int sign) {
        int extreme = 0;
        for (int part = 1; part < seconds.length; part++) {
            extreme = sign * seconds[part] > sign * seconds[extreme] ? part : extreme;
        }
        return extreme;
    }
}
