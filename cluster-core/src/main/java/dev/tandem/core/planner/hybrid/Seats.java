package dev.tandem.core.planner.hybrid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ways to place a stage: each core group alone, and each set of core groups with all shares of the rows, or with those
 * in proportion to their rates.
 */
final class Seats {

    private final int[] nodeOf;
    private final double[] rates;
    private final boolean allShares;
    private final int mostShards;
    private final int parts;
    private final Divisions divisions;
    private final List<Seat> seats = new ArrayList<>();

    private Seats(int[] nodeOf, double[] rates, HybridLimits limits, Divisions divisions) {
        this.nodeOf = nodeOf;
        this.rates = rates;
        this.allShares = limits.allShares();
        this.mostShards = Math.min(limits.mostShards(), limits.parts());
        this.parts = limits.parts();
        this.divisions = divisions;
    }

    /**
     * @param nodeOf the node of each core group
     * @param rates of each core group
     */
    static List<Seat> all(int[] nodeOf, double[] rates, HybridLimits limits, Divisions divisions) {
        Seats all = new Seats(nodeOf, rates, limits, divisions);
        for (int size = 1; size <= all.mostShards; size++) {
            all.choose(new int[size], 0, 0);
        }
        return List.copyOf(all.seats);
    }

    private void choose(int[] groups, int chosen, int next) {
        if (chosen == groups.length) {
            if (allShares || groups.length == 1) {
                share(groups, new ArrayList<>(), parts);
            } else {
                shareByRate(groups);
            }
            return;
        }
        for (int group = next; group < nodeOf.length; group++) {
            groups[chosen] = group;
            choose(groups, chosen + 1, group + 1);
        }
    }

    /** Deals the parts that are left to the core groups that have none yet, at least one to each. */
    private void share(int[] groups, List<Double> shares, int left) {
        if (groups.length == 1) {
            add(groups, Divisions.WHOLE);
        } else if (shares.size() == groups.length - 1) {
            shares.add((double) left);
            add(groups, divisions.index(shares));
            shares.remove(shares.size() - 1);
        } else {
            int others = groups.length - shares.size() - 1;
            for (int share = 1; share <= left - others; share++) {
                shares.add((double) share);
                share(groups, shares, left - share);
                shares.remove(shares.size() - 1);
            }
        }
    }

    /** A core group that is too slow for a whole part has no share. */
    private void shareByRate(int[] groups) {
        double total = Arrays.stream(groups).mapToDouble(group -> rates[group]).sum();
        List<Double> shares = new ArrayList<>();
        for (int group : groups) {
            double share = Math.rint(parts * rates[group] / total);
            if (share == 0) {
                return;
            }
            shares.add(share);
        }
        add(groups, divisions.index(shares));
    }

    private void add(int[] groups, int division) {
        int nodes = 0;
        for (int group : groups) {
            nodes |= 1 << nodeOf[group];
        }
        seats.add(new Seat(seats.size(), groups.clone(), division, nodes));
    }
}
