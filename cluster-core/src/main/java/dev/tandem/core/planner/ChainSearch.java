package dev.tandem.core.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds the cheapest chain by dynamic programming over (position, set of used nodes, last node); exact for every number
 * of stages at once, since sets of a size are chains of that length.
 *
 * <p>Of all chains that cover the same layers with the same nodes and end on the same node only the cheapest can begin
 * an optimal chain, because {@link ChainCosts#join} is monotone: that is all the pruning there is. Effort is
 * {@code positions² / 2 * nodes * 2^(nodes - 1)} steps, memory {@code positions * nodes * 2^nodes} numbers; sets larger
 * than the most stages are left out. Ties go to the smaller set and node index. Used by one thread.
 */
final class ChainSearch {

    /** Nodes beyond these make the sets too many. */
    static final int MOST_NODES = 8;

    /** One stage of a chain: positions {@code [from, to)} on a node. */
    record Link(int node, int from, int to) {}

    private static final int NONE = -1;

    private final ChainCosts costs;
    private final int nodes;
    private final int mostStages;
    /** Nodes that may come before each node, as bits. */
    private final int[] predecessors;
    /** Cheapest by position and state (set of used nodes with the last one), all layers before the position computed. */
    private final double[][] best;
    /** Position where the last stage of that chain begins. */
    private final int[][] begin;
    /** Node before the last one, by position where the last stage begins and state. */
    private final int[][] previous;

    ChainSearch(ChainCosts costs, int mostStages) {
        this.costs = costs;
        this.nodes = costs.nodes();
        this.mostStages = mostStages;
        this.predecessors = predecessors();
        int states = (1 << nodes) * nodes;
        best = new double[costs.end() + 1][states];
        begin = new int[costs.end() + 1][states];
        previous = new int[costs.end() + 1][states];
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int from = 0; from < costs.end(); from++) {
            for (int node = 0; node < nodes; node++) {
                extendOn(node, from);
            }
        }
    }

    /** The cost of the cheapest chain of so many stages, exit included; infinite when none fits. */
    double cost(int stages) {
        int last = last(stages);
        return last == NONE ? Double.POSITIVE_INFINITY : total(last);
    }

    /** The cheapest chain of so many stages, in order, if one fits. */
    Optional<List<Link>> chain(int stages) {
        return chainTo(last(stages));
    }

    /** The cost of the cheapest chain over all of these nodes, given as bits, exit included; infinite when none fits. */
    double costOver(int set) {
        int last = lastOf(set);
        return last == NONE ? Double.POSITIVE_INFINITY : total(last);
    }

    /** The cheapest chain over all of these nodes, given as bits, if one fits. */
    Optional<List<Link>> chainOver(int set) {
        return chainTo(lastOf(set));
    }

    private Optional<List<Link>> chainTo(int last) {
        int state = last;
        if (state == NONE) {
            return Optional.empty();
        }
        List<Link> links = new ArrayList<>();
        int to = costs.end();
        while (to > 0) {
            int node = state % nodes;
            int from = begin[to][state];
            links.add(new Link(node, from, to));
            state = state(state / nodes & ~(1 << node), previous[from][state]);
            to = from;
        }
        Collections.reverse(links);
        return Optional.of(List.copyOf(links));
    }

    private int[] predecessors() {
        int[] before = new int[nodes];
        for (int later = 0; later < nodes; later++) {
            for (int node = 0; node < nodes; node++) {
                before[later] |= costs.mayPrecede(node, later) ? 1 << node : 0;
            }
        }
        return before;
    }

    private void extendOn(int node, int from) {
        double[] stageCosts = new double[costs.end() + 1];
        int longest = from;
        for (int to = from + 1; to <= costs.end(); to++) {
            stageCosts[to] = costs.stage(node, from, to);
            longest = stageCosts[to] < Double.POSITIVE_INFINITY ? to : longest;
        }
        double[] fitting = Arrays.copyOf(stageCosts, longest + 1);
        for (int used = 0; used < 1 << nodes; used++) {
            if ((used & 1 << node) == 0 && Integer.bitCount(used) < mostStages) {
                extend(used, node, from, fitting);
            }
        }
    }

    /** Adds a stage on a node to the cheapest chain that ends at a position on the used nodes. */
    private void extend(int used, int node, int from, double[] stageCosts) {
        int state = state(used | 1 << node, node);
        double entered = enter(used, node, from, state);
        if (entered == Double.POSITIVE_INFINITY) {
            return;
        }
        for (int to = from + 1; to < stageCosts.length; to++) {
            double candidate = costs.join(entered, stageCosts[to]);
            if (candidate < best[to][state]) {
                best[to][state] = candidate;
                begin[to][state] = from;
            }
        }
    }

    /** The cheapest way to have on a node what the layers before a position give. */
    private double enter(int used, int node, int from, int state) {
        if (from == 0) {
            return used == 0 ? costs.entry(node) : Double.POSITIVE_INFINITY;
        }
        if ((used & ~predecessors[node]) != 0) {
            return Double.POSITIVE_INFINITY;
        }
        double cheapest = Double.POSITIVE_INFINITY;
        for (int last = 0; last < nodes; last++) {
            double before = (used & 1 << last) == 0 ? Double.POSITIVE_INFINITY : best[from][state(used, last)];
            if (before < cheapest) {
                double candidate = costs.join(before, costs.hop(last, node, from));
                if (candidate < cheapest) {
                    cheapest = candidate;
                    previous[from][state] = last;
                }
            }
        }
        return cheapest;
    }

    private int last(int stages) {
        int cheapest = NONE;
        for (int used = 1; used < 1 << nodes; used++) {
            if (Integer.bitCount(used) == stages) {
                cheapest = cheaper(cheapest, lastOf(used));
            }
        }
        return cheapest;
    }

    /** The state that the cheapest chain over a set ends in. */
    private int lastOf(int set) {
        int cheapest = NONE;
        for (int node = 0; node < nodes; node++) {
            int state = state(set, node);
            cheapest = cheaper(cheapest, total(state) < Double.POSITIVE_INFINITY ? state : NONE);
        }
        return cheapest;
    }

    /** The first where both cost the same. */
    private int cheaper(int first, int second) {
        if (first == NONE || second == NONE) {
            return first == NONE ? second : first;
        }
        return total(second) < total(first) ? second : first;
    }

    private double total(int state) {
        return costs.join(best[costs.end()][state], costs.exit(state % nodes));
    }

    private int state(int used, int last) {
        return used * nodes + last;
    }
}
