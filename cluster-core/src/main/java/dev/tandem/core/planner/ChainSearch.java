package dev.tandem.core.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cheapest chain by dynamic programming over (position, set of used nodes, last node); exact for every number
 * of stages at once, since sets of a size are chains of that length.
 *
 * <p>Of all chains that cover the same layers with the same nodes and end on the same node only the cheapest can begin
 * an optimal chain, because {@link ChainCosts#join} is monotone; and none that cannot end below the limit is carried on.
 * Effort is at most {@code positions² / 2 * nodes * 2^(nodes - 1)} steps, memory {@code positions * nodes * 2^nodes}
 * numbers; sets larger than the most stages are left out. Ties go to the smaller set and node index. Used by one thread.
 */
final class ChainSearch {

    /** Nodes beyond these make the sets too many. */
    static final int MOST_NODES = 8;

    /** Room for rounding when costs are added in another order. */
    private static final double ROUNDING = 1 + 1e-9;

    /** One stage of a chain: positions {@code [from, to)} on a node. */
    record Link(int node, int from, int to) {}

    /** The cheapest chains of one state, by position, all layers before the position computed. */
    private static final class Ways {
        final double[] cost;
        /** Position where the last stage begins. */
        final int[] begin;
        /** Node before the last one, by position where the last stage begins. */
        final int[] previous;

        Ways(int positions) {
            cost = new double[positions];
            begin = new int[positions];
            previous = new int[positions];
            Arrays.fill(cost, Double.POSITIVE_INFINITY);
        }
    }

    /** What it costs to begin a stage after each set of used nodes, and on which of them the stage before ends. */
    private static final class Entries {
        final double[] cost;
        final int[] last;

        Entries(int sets) {
            cost = new double[sets];
            last = new int[sets];
        }
    }

    private static final int NONE = -1;

    private final ChainCosts costs;
    private final int nodes;
    private final int end;
    private final int mostStages;
    private final double limit;
    /** Nodes that may come before each node, as bits. */
    private final int[] predecessors;
    /** By state (set of used nodes with the last one); null where nothing is reached. */
    private final @Nullable Ways[] ways;
    /** By set, whether a chain over all of its nodes is known; the empty set's is. */
    private final boolean[] reached;

    ChainSearch(ChainCosts costs, int mostStages) {
        this(costs, mostStages, Double.POSITIVE_INFINITY);
    }

    /** @param limit of chains that cost as much or more none need be found */
    ChainSearch(ChainCosts costs, int mostStages, double limit) {
        this.costs = costs;
        this.nodes = costs.nodes();
        this.end = costs.end();
        this.mostStages = mostStages;
        this.limit = limit * ROUNDING;
        this.predecessors = predecessors();
        this.ways = new Ways[(1 << nodes) * nodes];
        this.reached = new boolean[1 << nodes];
        reached[0] = true;
        Entries entries = new Entries(1 << nodes);
        for (int from = 0; from < end; from++) {
            for (int node = 0; node < nodes; node++) {
                extendOn(node, from, entries);
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

    private Optional<List<Link>> chainTo(int lastState) {
        int state = lastState;
        if (state == NONE) {
            return Optional.empty();
        }
        List<Link> links = new ArrayList<>();
        int to = end;
        while (to > 0) {
            int node = state % nodes;
            Ways last = Objects.requireNonNull(ways[state]);
            int from = last.begin[to];
            links.add(new Link(node, from, to));
            state = state(state / nodes & ~(1 << node), last.previous[from]);
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

    private void extendOn(int node, int from, Entries entries) {
        double least = Double.POSITIVE_INFINITY;
        double[] hops = hops(node, from);
        for (int used = 0; used < 1 << nodes; used++) {
            boolean isFree = reached[used] && (used & 1 << node) == 0 && Integer.bitCount(used) < mostStages;
            entries.cost[used] = Double.POSITIVE_INFINITY;
            if (isFree) {
                enter(used, node, from, hops, entries);
                least = Math.min(least, entries.cost[used]);
            }
        }
        if (canEndBelowLimit(least, from)) {
            double[] stageCosts = stageCosts(node, from);
            for (int used = 0; used < 1 << nodes; used++) {
                if (canEndBelowLimit(entries.cost[used], from)) {
                    Ways way = way(state(used | 1 << node, node));
                    way.previous[from] = entries.last[used];
                    extend(way, from, entries.cost[used], stageCosts);
                }
            }
        }
    }

    /** What crosses at a position, from every other node. */
    private double[] hops(int node, int position) {
        double[] hops = new double[nodes];
        for (int before = 0; before < nodes && position > 0; before++) {
            hops[before] = before == node ? Double.POSITIVE_INFINITY : costs.hop(before, node, position);
        }
        return hops;
    }

    private boolean canEndBelowLimit(double cost, int from) {
        return cost < Double.POSITIVE_INFINITY && !(costs.join(cost, costs.rest(from)) >= limit);
    }

    /** By position where the stage ends, up to the last one that fits. */
    private double[] stageCosts(int node, int from) {
        double[] stageCosts = new double[end + 1];
        int longest = from;
        for (int to = from + 1; to <= end; to++) {
            stageCosts[to] = costs.stage(node, from, to);
            longest = stageCosts[to] < limit ? to : longest;
        }
        return Arrays.copyOf(stageCosts, longest + 1);
    }

    /** Adds a stage to the cheapest way to begin it. */
    private void extend(Ways way, int from, double entered, double[] stageCosts) {
        double[] best = way.cost;
        int[] begin = way.begin;
        boolean adds = costs.adds();
        for (int to = from + 1; to < stageCosts.length; to++) {
            double candidate = adds ? entered + stageCosts[to] : Math.max(entered, stageCosts[to]);
            if (candidate < best[to]) {
                best[to] = candidate;
                begin[to] = from;
            }
        }
    }

    /** Notes the cheapest way to have on a node what the layers before a position give. */
    private void enter(int used, int node, int from, double[] hops, Entries entries) {
        if (from == 0) {
            entries.cost[used] = used == 0 ? costs.entry(node) : Double.POSITIVE_INFINITY;
            return;
        }
        if ((used & ~predecessors[node]) != 0) {
            return;
        }
        for (int left = used; left != 0; left &= left - 1) {
            int before = Integer.numberOfTrailingZeros(left);
            Ways there = ways[state(used, before)];
            if (there != null && there.cost[from] < entries.cost[used]) {
                double candidate = costs.join(there.cost[from], hops[before]);
                if (candidate < entries.cost[used]) {
                    entries.cost[used] = candidate;
                    entries.last[used] = before;
                }
            }
        }
    }

    private Ways way(int state) {
        Ways way = ways[state];
        if (way == null) {
            way = new Ways(end + 1);
            ways[state] = way;
            reached[state / nodes] = true;
        }
        return way;
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
        Ways way = ways[state];
        return way == null ? Double.POSITIVE_INFINITY : costs.join(way.cost[end], costs.exit(state % nodes));
    }

    private int state(int used, int last) {
        return used * nodes + last;
    }
}
