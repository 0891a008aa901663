package dev.tandem.core.planner.hybrid;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A random model on random machines: up to 4 nodes of up to 2 core groups, links that differ by three orders of magnitude
 * or are missing or share a channel, processors that carry beside computing or that nodes share, some nodes short of memory; few enough plans that all can be tried.
 */
record Instance(ModelGraph graph, Topology topology, HybridLimits limits, String gateway, int mostNodes, long seed) {

    private static final List<Codec> CODECS = List.of(Codec.values());
    private static final int MOST_CUTS = 6;
    private static final int PARTS = 8;
    private static final long PLENTY = 1L << 40;

    /** @param mostPlans about so many; the number of stages is bounded accordingly */
    static Instance random(long seed, double mostPlans) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        random.nextInt();
        ModelGraph graph = graph(random);
        Topology topology = topology(random);
        int groups = topology.coreGroups().size();
        int shards = 1 + random.nextInt(groups > 4 ? 2 : 3);
        HybridLimits limits = new HybridLimits(
                shards, PARTS, true, stages(graph, seats(groups, shards), mostPlans), 100, Long.MAX_VALUE);
        String gateway = random.nextInt(3) == 0 ? "gateway" : "node-0";
        int mostNodes = random.nextInt(3) == 0
                ? 1 + random.nextInt(topology.nodes().size())
                : topology.nodes().size();
        return new Instance(graph, topology, limits, gateway, mostNodes, seed);
    }

    PlanRequest request(Objective objective) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(seed), graph, topology)
                        .coded(CODECS.get(Math.floorMod(seed, CODECS.size()))),
                objective,
                Scheme.AUTO,
                mostNodes,
                PARTS,
                gateway);
    }

    private static ModelGraph graph(Random random) {
        while (true) {
            int layers = 2 + random.nextInt(MOST_CUTS);
            ModelGraph graph =
                    switch (random.nextInt(3)) {
                        case 0 -> GraphFixtures.chain(random, layers, 16);
                        case 1 -> GraphFixtures.branchy(random, layers, 16);
                        default -> GraphFixtures.classifier(random, layers - 1, 16);
                    };
            if (graph.allowedCuts().size() <= MOST_CUTS) {
                return graph;
            }
        }
    }

    private static Topology topology(Random random) {
        List<Node> nodes = new ArrayList<>();
        int size = 1 + random.nextInt(4);
        for (int node = 0; node < size; node++) {
            String id = "node-" + node;
            List<CoreGroup> groups = new ArrayList<>();
            groups.add(GraphFixtures.group(id, "big", 1e9 * (0.25 + 2 * random.nextDouble())));
            if (random.nextInt(2) == 0) {
                groups.add(GraphFixtures.group(id, "small", 1e9 * (0.1 + random.nextDouble())));
            }
            long memory = random.nextInt(3) == 0 ? 60_000 + random.nextInt(100_000) : PLENTY;
            nodes.add(new Node(id, memory, groups));
        }
        List<Link> links = GraphFixtures.topology(nodes, 1, 0).links().stream()
                .filter(link -> random.nextInt(10) > 0)
                .map(link -> new Link(
                        link.from(), link.to(), 1e5 * Math.pow(1000, random.nextDouble()), random.nextDouble() * 0.002))
                .toList();
        Topology topology = GraphFixtures.powered(new Topology(nodes, links), random);
        Topology onAir = random.nextInt(4) == 0 ? topology.withMedium("air", Set.of("node-0", "node-1")) : topology;
        return random.nextInt(2) == 0 ? carrying(onAir, random) : onAir;
    }

    /** Of the order of what the layers take. */
    private static Topology carrying(Topology topology, Random random) {
        Carrying carrying =
                new Carrying(random.nextDouble() * 0.002, random.nextDouble() * 0.002, random.nextDouble() * 1e-6);
        return GraphFixtures.carrying(topology, 1 + random.nextInt(3), carrying, random.nextInt(3) == 0);
    }

    private static double seats(int groups, int shards) {
        double seats = groups;
        double sets = groups;
        double shares = 1;
        for (int size = 2; size <= shards; size++) {
            sets = sets * (groups - size + 1) / size;
            shares = shares * (PARTS - size + 1) / (size - 1);
            seats += sets * shares;
        }
        return seats;
    }

    private static int stages(ModelGraph graph, double seats, double mostPlans) {
        int cuts = graph.allowedCuts().size();
        double plans = seats;
        int stages = 1;
        while (stages <= cuts && plans * seats * (cuts - stages + 1) / stages <= mostPlans) {
            plans = plans * seats * (cuts - stages + 1) / stages;
            stages++;
        }
        return stages;
    }
}
