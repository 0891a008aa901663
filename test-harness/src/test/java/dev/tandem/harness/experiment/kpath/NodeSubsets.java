package dev.tandem.harness.experiment.kpath;

import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import java.util.Arrays;

/** The optimum by dynamic programming over (used nodes, last node, begin of its piece); shares no code with the solver. */
final class NodeSubsets {

    private final BottleneckProblem problem;
    private final int nodes;
    private final int blocks;
    /** Least bottleneck of what is before the piece that begins there, by used nodes with the last of them. */
    private final double[][] least;

    private double optimum = Double.POSITIVE_INFINITY;

    private NodeSubsets(BottleneckProblem problem) {
        this.problem = problem;
        nodes = problem.mesh().size();
        blocks = problem.chain().size();
        least = new double[(1 << nodes) * nodes][blocks];
        for (double[] row : least) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
    }

    /** The least bottleneck; infinite when nothing fits. */
    static double leastSeconds(BottleneckProblem problem) {
        NodeSubsets subsets = new NodeSubsets(problem);
        for (int used = 1; used < 1 << subsets.nodes; used++) {
            for (int last = 0; last < subsets.nodes; last++) {
                if (used == 1 << last) {
                    subsets.least[used * subsets.nodes + last][0] = 0;
                }
                for (int from = 0; from < subsets.blocks; from++) {
                    subsets.end(used, last, from);
                }
            }
        }
        return subsets.optimum;
    }

    private void end(int used, int last, int from) {
        double before = least[used * nodes + last][from];
        long capacity = problem.mesh().nodes().get(last).capacityBytes();
        for (int to = from + 1; to <= blocks && before < optimum; to++) {
            if (problem.chain().memoryBytes(from, to) > capacity) {
                return;
            }
            if (to == blocks) {
                optimum = before;
            } else {
                send(used, last, to, before);
            }
        }
    }

    private void send(int used, int last, int cut, double before) {
        for (int next = 0; next < nodes; next++) {
            if ((used & 1 << next) == 0) {
                double sent =
                        problem.chain().transferBytes(cut) / problem.mesh().bytesPerSecond(last, next);
                double[] row = least[(used | 1 << next) * nodes + next];
                row[cut] = Math.min(row[cut], Math.max(before, sent));
            }
        }
    }
}
