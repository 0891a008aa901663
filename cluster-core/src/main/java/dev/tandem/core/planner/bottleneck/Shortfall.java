package dev.tandem.core.planner.bottleneck;

import java.util.Comparator;
import java.util.List;

/** Says why a chain does not go on a mesh: which capacity is missing, and by how much. */
final class Shortfall {

    private final BottleneckProblem problem;
    private final SolveLimits limits;

    Shortfall(BottleneckProblem problem, SolveLimits limits) {
        this.problem = problem;
        this.limits = limits;
    }

    String reason() {
        BlockChain chain = problem.chain();
        long most = largest().capacityBytes();
        for (int at = 0; at < chain.size(); at++) {
            long memory = chain.memoryBytes(at, at + 1);
            if (memory > most) {
                return "block '" + chain.blocks().get(at).name() + "' takes " + memory + " bytes, " + (memory - most)
                        + " more than the largest node '" + largest().name() + "' holds (" + most
                        + "). Maybe add a larger node.";
            }
        }
        if (fits(complete())) {
            return "the " + problem.mesh().size() + " nodes would hold the chain, but no links lead through enough of "
                    + "them. Maybe add links.";
        }
        return "the chain must be held by at most " + problem.mesh().size() + " nodes, and takes at least "
                + new WalkSearch(problem).leastPieces(0) + " pieces of up to " + most + " bytes. Maybe add nodes, or "
                + missingPerNode() + " bytes to each.";
    }

    private MeshNode largest() {
        List<MeshNode> nodes = problem.mesh().nodes();
        return nodes.stream()
                .max(Comparator.comparingLong(MeshNode::capacityBytes))
                .orElseThrow();
    }

    private Mesh complete() {
        return new Mesh(problem.mesh().nodes(), (from, to) -> 1);
    }

    /** The least memory that every node lacks; enough in any case, the least where every size could be decided. */
    private long missingPerNode() {
        long low = 1;
        long high = Math.max(1, problem.chain().memoryBytes(0, problem.chain().size()));
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (fits(problem.mesh().withMoreMemory(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean fits(Mesh mesh) {
        BottleneckProblem larger = new BottleneckProblem(problem.chain(), mesh);
        return new ThresholdDecision(larger, limits)
                .decide(Double.MAX_VALUE)
                .placement()
                .isPresent();
    }
}
