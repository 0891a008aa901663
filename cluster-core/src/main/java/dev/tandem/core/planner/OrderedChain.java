package dev.tandem.core.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds the cheapest chain that takes nodes in the order of their indices, each at most once: dynamic programming over
 * (position, last node), {@code positions² / 2 * nodes + positions * nodes²} steps. Where the order is known it is as good
 * as {@link ChainSearch}, for any number of nodes. Used by one thread.
 */
final class OrderedChain {

    private static final int NONE = -1;

    private final ChainCosts costs;
    /** Cheapest by position and last node, all layers before the position computed. */
    private final double[][] best;
    /** Position where the last stage of that chain begins. */
    private final int[][] begin;
    /** Node before the last one, by position where the last stage begins and last node. */
    private final int[][] previous;

    OrderedChain(ChainCosts costs) {
        this.costs = costs;
        this.best = new double[costs.end() + 1][costs.nodes()];
        this.begin = new int[costs.end() + 1][costs.nodes()];
        this.previous = new int[costs.end() + 1][costs.nodes()];
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int node = 0; node < costs.nodes(); node++) {
            for (int from = 0; from < costs.end(); from++) {
                extend(node, from);
            }
        }
    }

    /** The stages in order, if any chain fits. */
    Optional<List<ChainSearch.Link>> chain() {
        int last = NONE;
        double least = Double.POSITIVE_INFINITY;
        for (int node = 0; node < costs.nodes(); node++) {
            double total = costs.join(best[costs.end()][node], costs.exit(node));
            if (total < least) {
                least = total;
                last = node;
            }
        }
        return last == NONE ? Optional.empty() : Optional.of(chainTo(last));
    }

    /** What a chain costs, entry and exit included. */
    static double cost(ChainCosts costs, List<ChainSearch.Link> chain) {
        double total = costs.entry(chain.get(0).node());
        for (int link = 0; link < chain.size(); link++) {
            ChainSearch.Link stage = chain.get(link);
            if (link > 0) {
                total = costs.join(total, costs.hop(chain.get(link - 1).node(), stage.node(), stage.from()));
            }
            total = costs.join(total, costs.stage(stage.node(), stage.from(), stage.to()));
        }
        return costs.join(total, costs.exit(chain.get(chain.size() - 1).node()));
    }

    private List<ChainSearch.Link> chainTo(int last) {
        List<ChainSearch.Link> links = new ArrayList<>();
        int node = last;
        for (int to = costs.end(); to > 0; ) {
            int from = begin[to][node];
            links.add(new ChainSearch.Link(node, from, to));
            node = previous[from][node];
            to = from;
        }
        Collections.reverse(links);
        return List.copyOf(links);
    }

    private void extend(int node, int from) {
        double entered = enter(node, from);
        if (entered == Double.POSITIVE_INFINITY) {
            return;
        }
        for (int to = from + 1; to <= costs.end(); to++) {
            double total = costs.join(entered, costs.stage(node, from, to));
            if (total < best[to][node]) {
                best[to][node] = total;
                begin[to][node] = from;
            }
        }
    }

    private double enter(int node, int from) {
        if (from == 0) {
            return costs.entry(node);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int before = 0; before < node; before++) {
            if (best[from][before] < Double.POSITIVE_INFINITY && costs.mayPrecede(before, node)) {
                double total = costs.join(best[from][before], costs.hop(before, node, from));
                if (total < least) {
                    least = total;
                    previous[from][node] = before;
                }
            }
        }
        return least;
    }
}
