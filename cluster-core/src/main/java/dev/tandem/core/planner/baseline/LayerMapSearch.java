package dev.tandem.core.planner.baseline;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Monte-Carlo tree search: a node of the tree says where the first blocks run; it is followed by the branch with the best
 * upper confidence bound (UCB1), widened by one branch, and played out at random. Used once, by one thread.
 */
final class LayerMapSearch {

    /** How much an untried branch counts beside a good one. */
    private static final double EXPLORATION = Math.sqrt(2);

    /** A place in the tree: the core groups of the first blocks are chosen. */
    private static final class Branch {
        private final @Nullable Branch[] children;
        private int visits;
        private double reward;

        private Branch(int groups) {
            children = new Branch[groups];
        }
    }

    private final LayerMapCosts costs;
    private final Random random;
    private final Branch root;
    private int[] best;
    private double leastSeconds;

    LayerMapSearch(LayerMapCosts costs, Random random) {
        this.costs = costs;
        this.random = random;
        this.root = new Branch(costs.groups());
        this.best = new int[costs.blocks()];
        this.leastSeconds = costs.seconds(best);
    }

    /** The best map of so many play-outs, and of those with one core group alone. */
    int[] best(int playOuts) {
        for (int group = 1; group < costs.groups(); group++) {
            int[] alone = new int[costs.blocks()];
            Arrays.fill(alone, group);
            keep(alone);
        }
        for (int playOut = 0; playOut < playOuts; playOut++) {
            playOut();
        }
        return best.clone();
    }

    private void playOut() {
        int[] map = new int[costs.blocks()];
        Branch[] path = new Branch[costs.blocks() + 1];
        path[0] = root;
        int depth = 0;
        boolean isKnown = true;
        while (depth < map.length && isKnown) {
            map[depth] = choose(path[depth]);
            Branch child = path[depth].children[map[depth]];
            isKnown = child != null;
            if (child == null) {
                child = new Branch(costs.groups());
                path[depth].children[map[depth]] = child;
            }
            path[++depth] = child;
        }
        int steps = depth;
        for (; depth < map.length; depth++) {
            map[depth] = random.nextInt(costs.groups());
        }
        double seconds = keep(map);
        double reward = leastSeconds / seconds;
        for (int step = 0; step <= steps; step++) {
            path[step].visits++;
            path[step].reward += reward;
        }
    }

    /** A branch that was never tried, any of them, or the one with the best bound. */
    private int choose(Branch parent) {
        int first = random.nextInt(costs.groups());
        int chosen = first;
        double highest = Double.NEGATIVE_INFINITY;
        for (int offset = 0; offset < costs.groups(); offset++) {
            int group = (first + offset) % costs.groups();
            Branch child = parent.children[group];
            double bound = child == null
                    ? Double.POSITIVE_INFINITY
                    : child.reward / child.visits + EXPLORATION * Math.sqrt(Math.log(parent.visits) / child.visits);
            if (bound > highest) {
                highest = bound;
                chosen = group;
            }
        }
        return chosen;
    }

    private double keep(int[] map) {
        double seconds = costs.seconds(map);
        if (seconds < leastSeconds) {
            leastSeconds = seconds;
            best = map.clone();
        }
        return seconds;
    }
}
