package dev.tandem.core.planner.bottleneck;

/** Tries every partition on every order of nodes; shares no code with the solver but the problem's data. */
final class PlacementBruteForce {

    private final BottleneckProblem problem;
    private final boolean[] used;
    private double best = Double.POSITIVE_INFINITY;

    private PlacementBruteForce(BottleneckProblem problem) {
        this.problem = problem;
        used = new boolean[problem.mesh().size()];
    }

    /** The least bottleneck; infinite when nothing fits. */
    static double seconds(BottleneckProblem problem) {
        PlacementBruteForce force = new PlacementBruteForce(problem);
        force.place(0, -1, 0);
        return force.best;
    }

    private void place(int from, int before, double slowest) {
        int end = problem.chain().size();
        if (from == end) {
            best = Math.min(best, slowest);
            return;
        }
        for (int node = 0; node < used.length; node++) {
            double rate = before < 0 ? 1 : problem.mesh().bytesPerSecond(before, node);
            if (used[node] || rate == 0) {
                continue;
            }
            double sent = before < 0 ? 0 : problem.chain().transferBytes(from) / rate;
            used[node] = true;
            for (int to = from + 1; to <= end; to++) {
                if (problem.chain().memoryBytes(from, to)
                        <= problem.mesh().nodes().get(node).capacityBytes()) {
                    place(to, node, Math.max(slowest, sent));
                }
            }
            used[node] = false;
        }
    }
}
