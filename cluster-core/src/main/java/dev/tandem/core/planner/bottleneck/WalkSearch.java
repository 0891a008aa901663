package dev.tandem.core.planner.bottleneck;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a walk through the whole chain whose transfers all stay within a threshold. Positions are gone through in order;
 * at each, every walk whose open piece may end there is extended to every node that is quick enough to reach. Of two walks
 * with the last piece on the same node only those that may lead further are kept ({@link Walk#dominates}), so that without
 * critical nodes the effort is {@code positions * nodes²}, and in general that times the sets of critical nodes met.
 *
 * <p>Since every path is a walk, "no walk" proves that no placement is within the threshold.
 */
final class WalkSearch {

    /** What was found. */
    sealed interface Outcome {
        /** A placement. */
        record Path(Placement placement) implements Outcome {}

        /** Only walks that come to a node twice, one of them here. */
        record OnlyWalk(Walk walk) implements Outcome {}

        /** Nothing, and there is nothing. */
        record None() implements Outcome {}

        /** Too much to look at. */
        record GivenUp() implements Outcome {}
    }

    private final BottleneckProblem problem;
    private final int size;
    private final int nodes;
    /** Other nodes by falling bandwidth from each. */
    private final int[][] neighbours;
    /** The furthest end of a piece by node and begin. */
    private final int[][] furthest;
    /** At least so many pieces from a position to the end. */
    private final int[] leastPieces;

    WalkSearch(BottleneckProblem problem) {
        this.problem = problem;
        size = problem.chain().size();
        nodes = problem.mesh().size();
        neighbours = IntStream.range(0, nodes).mapToObj(this::byBandwidth).toArray(int[][]::new);
        furthest = new int[nodes][];
        for (int node = 0; node < nodes; node++) {
            long capacity = problem.mesh().nodes().get(node).capacityBytes();
            furthest[node] = IntStream.range(0, size)
                    .map(from -> problem.chain().furthest(from, capacity))
                    .toArray();
        }
        leastPieces = leastPieces();
    }

    /** At least so many pieces hold the chain, wherever they are; 0 when some block fits nowhere. */
    int leastPieces(int from) {
        return leastPieces[from] > size ? 0 : leastPieces[from];
    }

    /**
     * Searches all walks.
     *
     * @param critical bit of each critical node, 0 for the others
     */
    Outcome search(double seconds, long[] critical, Effort effort) {
        return new Run(seconds, critical, effort, Integer.MAX_VALUE).run();
    }

    /** Searches paths only, so many open ones per node; proves nothing when it finds none. */
    Outcome searchSome(double seconds, long[] critical, Effort effort, int perNode) {
        return new Run(seconds, critical, effort, perNode).run();
    }

    private int[] byBandwidth(int from) {
        return IntStream.range(0, nodes)
                .filter(to -> problem.mesh().bytesPerSecond(from, to) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(to -> -problem.mesh().bytesPerSecond(from, to)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int[] leastPieces() {
        int[] least = new int[size + 1];
        for (int from = size - 1; from >= 0; from--) {
            int at = from;
            int end = IntStream.range(0, nodes)
                    .map(node -> furthest[node][at])
                    .max()
                    .orElse(from);
            // More than there are positions stands for never.
            least[from] = end == from ? size + 1 : Math.min(size + 1, 1 + least[end]);
        }
        return least;
    }

    /** One search; its walks by the node of their open piece. */
    private final class Run {

        private final double seconds;
        private final long[] critical;
        private final Effort effort;
        private final int perNode;
        private final List<List<Walk>> open = new ArrayList<>();
        /** Those that begin at the position gone through, by node: they cannot end there. */
        private final List<List<Walk>> arrivals = new ArrayList<>();

        private @Nullable Walk complete;

        Run(double seconds, long[] critical, Effort effort, int perNode) {
            this.seconds = seconds;
            this.critical = critical;
            this.effort = effort;
            this.perNode = perNode;
            for (int node = 0; node < nodes; node++) {
                open.add(new ArrayList<>());
                arrivals.add(new ArrayList<>());
            }
        }

        Outcome run() {
            for (int node = 0; node < nodes; node++) {
                offer(Walk.begin(node, furthest[node][0], critical[node]), 0);
            }
            for (int position = 1; position < size && !isFinished(); position++) {
                admit();
                extend(position);
            }
            if (complete == null) {
                return effort.isSpent() ? new Outcome.GivenUp() : new Outcome.None();
            }
            return complete.isPath() ? new Outcome.Path(complete.endedAt(size)) : new Outcome.OnlyWalk(complete);
        }

        private boolean isFinished() {
            return effort.isSpent() || (complete != null && complete.isPath());
        }

        private void extend(int position) {
            for (List<Walk> walks : open) {
                walks.removeIf(walk -> walk.furthest() < position);
                for (Walk walk : walks) {
                    extend(walk, position);
                }
            }
        }

        private void admit() {
            for (int node = 0; node < nodes; node++) {
                List<Walk> others = open.get(node);
                for (Walk walk : arrivals.get(node)) {
                    effort.spend(others.size());
                    others.removeIf(walk::dominates);
                    if (perNode == Integer.MAX_VALUE || (walk.isPath() && hasRoom(walk, others))) {
                        others.add(walk);
                    }
                }
                arrivals.get(node).clear();
            }
        }

        private void extend(Walk walk, int position) {
            for (int next : neighbours[walk.node()]) {
                if (problem.seconds(position, walk.node(), next) > seconds || isFinished()) {
                    return;
                }
                if ((walk.criticals() & critical[next]) == 0) {
                    offer(walk.then(next, position, furthest[next][position], critical[next]), position);
                }
            }
        }

        private void offer(Walk walk, int position) {
            if (walk.furthest() == position || walk.pieces() + leastPieces[walk.furthest()] > nodes) {
                return;
            }
            if (walk.furthest() == size) {
                if (complete == null || walk.isPath()) {
                    complete = walk;
                }
                return;
            }
            List<Walk> rivals = arrivals.get(walk.node());
            List<Walk> others = open.get(walk.node());
            effort.spend(1 + rivals.size() + others.size());
            if (!isDominated(walk, rivals) && !isDominated(walk, others)) {
                rivals.removeIf(walk::dominates);
                rivals.add(walk);
            }
        }

        private boolean isDominated(Walk walk, List<Walk> others) {
            for (Walk other : others) {
                if (other.dominates(walk)) {
                    return true;
                }
            }
            return false;
        }

        /** Makes room by dropping the one that leads least far, unless that is the walk itself. */
        private boolean hasRoom(Walk walk, List<Walk> others) {
            if (others.size() < perNode) {
                return true;
            }
            Walk least =
                    others.stream().min(Comparator.comparingInt(Walk::furthest)).orElseThrow();
            return least.furthest() < walk.furthest() && others.remove(least);
        }
    }
}
