package dev.tandem.core.planner.baseline.kpath;

import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.Mesh;
import dev.tandem.core.planner.bottleneck.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts given pieces on nodes by following the quickest link: the baseline "joint optimization" of Parthasarathy and
 * Krishnamachari, ITNAC 2022, as in {@code test/comparison_algorithms/joint_optimization.ipynb} of ANRGUSC/SEIFER.
 *
 * <p>Certain, from the code: the partition is {@link MinSumPartition}'s; from every node in turn the path goes to the unused
 * node with the highest bandwidth, whatever has to travel; the best of these paths is taken. Nothing is reconstructed, but the
 * code knows no missing links, and capacities are those of the partition: all nodes are taken to be alike.
 */
public final class GreedyPlacement {

    private final BottleneckProblem problem;

    public GreedyPlacement(BottleneckProblem problem) {
        this.problem = problem;
    }

    /**
     * Where the pieces between the cuts go.
     *
     * @return empty when every path ends before the last piece
     */
    public Optional<Placement> place(List<Integer> cuts) {
        Optional<Placement> best = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        for (int start = 0; start < problem.mesh().size(); start++) {
            List<Integer> path = path(start, cuts.size() + 1);
            if (path.size() == cuts.size() + 1) {
                Placement placement = Placements.of(cuts, path, problem.chain().size());
                double seconds = problem.bottleneckSeconds(placement);
                if (seconds < least) {
                    least = seconds;
                    best = Optional.of(placement);
                }
            }
        }
        return best;
    }

    private List<Integer> path(int start, int length) {
        Mesh mesh = problem.mesh();
        List<Integer> path = new ArrayList<>(List.of(start));
        while (path.size() < length) {
            int last = path.get(path.size() - 1);
            // Of equals the one with the lower index, as in the code.
            Optional<Integer> next = IntStream.range(0, mesh.size())
                    .boxed()
                    .filter(node -> !path.contains(node) && mesh.bytesPerSecond(last, node) > 0)
                    .reduce((one, other) ->
                            mesh.bytesPerSecond(last, other) > mesh.bytesPerSecond(last, one) ? other : one);
            if (next.isEmpty()) {
                return path;
            }
            path.add(next.get());
        }
        return path;
    }
}
