package dev.tandem.harness.experiment.mesh;

import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A connected mesh as DisNet (IEEE IoT Journal 2024) draws them: links of 10 to 50 Mbit/s, nodes of rate 1 to 10, both
 * uniform; 10 nodes have 15 links, others three for every two nodes.
 *
 * <p>Schemes think in bandwidths between nodes, and data may take any path: between every two nodes stands the bandwidth of
 * the path whose narrowest link is the widest, the same for every scheme. That paths share links is left out.
 */
final class RandomMesh {

    private static final double LEAST_MBIT = 10;
    private static final double MOST_MBIT = 50;
    private static final double BYTES_PER_SECOND_OF_ONE_MBIT = 125_000;
    private static final double LEAST_RATE = 1;
    private static final double MOST_RATE = 10;

    /** A step of rate: a Raspberry Pi 3B+ then has rate 8 on VGG-16. */
    private static final double MULTIPLY_ADDS_PER_SECOND_OF_ONE_RATE = 1e9;

    private static final long PLENTY_BYTES = 1L << 40;

    private RandomMesh() {}

    /** @param nodes at least 2; the first is {@code node-1} */
    static Topology draw(int nodes, RandomGenerator random) {
        double[][] mbits = links(nodes, random);
        widen(mbits);
        List<Node> machines = IntStream.range(0, nodes)
                .mapToObj(node -> node(name(node), random.nextDouble(LEAST_RATE, MOST_RATE)))
                .toList();
        List<Link> links = new ArrayList<>();
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    double bandwidth = mbits[from][to] * BYTES_PER_SECOND_OF_ONE_MBIT;
                    links.add(new Link(name(from), name(to), bandwidth, 0));
                }
            }
        }
        return new Topology(machines, links);
    }

    static String name(int node) {
        return "node-" + (node + 1);
    }

    /** Each node is linked to one before it, then further pairs are; 0 where there is no link. */
    static double[][] links(int nodes, RandomGenerator random) {
        double[][] mbits = new double[nodes][nodes];
        int left = Math.min(nodes * (nodes - 1) / 2, nodes * 3 / 2);
        for (int node = 1; node < nodes; node++) {
            link(mbits, node, random.nextInt(node), random);
            left--;
        }
        while (left > 0) {
            int one = random.nextInt(nodes);
            int other = random.nextInt(nodes);
            if (one != other && mbits[one][other] == 0) {
                link(mbits, one, other, random);
                left--;
            }
        }
        return mbits;
    }

    private static void link(double[][] mbits, int one, int other, RandomGenerator random) {
        mbits[one][other] = random.nextDouble(LEAST_MBIT, MOST_MBIT);
        mbits[other][one] = mbits[one][other];
    }

    /** The widest paths, after Floyd and Warshall. */
    static void widen(double[][] mbits) {
        for (int over = 0; over < mbits.length; over++) {
            for (int from = 0; from < mbits.length; from++) {
                for (int to = 0; to < mbits.length; to++) {
                    double path = Math.min(mbits[from][over], mbits[over][to]);
                    mbits[from][to] = Math.max(mbits[from][to], path);
                }
            }
        }
    }

    private static Node node(String name, double rate) {
        CoreGroup group = new CoreGroup(
                new CoreGroupId(name, "cpu"),
                CoreGroup.Kind.CPU,
                List.of(),
                1,
                rate * MULTIPLY_ADDS_PER_SECOND_OF_ONE_RATE);
        return new Node(name, PLENTY_BYTES, List.of(group));
    }
}
