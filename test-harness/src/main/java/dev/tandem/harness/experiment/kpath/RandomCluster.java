package dev.tandem.harness.experiment.kpath;

import dev.tandem.core.planner.bottleneck.Mesh;
import dev.tandem.core.planner.bottleneck.MeshNode;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The paper's random clusters, as {@code generate_comm_graph} makes them: nodes anywhere in a square of 1 to 150 metres, every
 * two linked with {@code log2(1 + 283230 / d²)} Mbit/s over {@code d} metres, a Mbit having 2^20 bits.
 */
final class RandomCluster {

    private static final double LEAST_METRES = 1;
    private static final double SPREAD_METRES = 149;
    private static final double SIGNAL = 283_230;
    private static final double BYTES_PER_MEGABIT = (1 << 20) / 8.0;

    private RandomCluster() {}

    static Mesh mesh(int nodes, long capacityBytes, RandomGenerator random) {
        double[] x = new double[nodes];
        double[] y = new double[nodes];
        for (int node = 0; node < nodes; node++) {
            x[node] = LEAST_METRES + SPREAD_METRES * random.nextDouble();
            y[node] = LEAST_METRES + SPREAD_METRES * random.nextDouble();
        }
        List<MeshNode> members = IntStream.range(0, nodes)
                .mapToObj(node -> new MeshNode("node " + node, capacityBytes))
                .toList();
        return new Mesh(
                members,
                (from, to) -> BYTES_PER_MEGABIT * megabitsPerSecond(Math.hypot(x[from] - x[to], y[from] - y[to])));
    }

    static double megabitsPerSecond(double metres) {
        return Math.log(1 + SIGNAL / (metres * metres)) / Math.log(2);
    }
}
