package dev.tandem.harness.experiment.scale;

import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Unequal boards on one switch: one to three core groups of 5e9 to 100e9 multiply-adds per second, links of 100 or 1000
 * Mbit/s with 0.2 to 1 ms, one board in five with little memory. Requests come from a machine outside. Up to so many boards
 * every one is linked to every other, beyond only to the gateway, as listing all pairs would take gigabytes.
 */
public final class RandomFleet {

    /** Where requests come from. */
    public static final String GATEWAY = "gateway";

    private static final int MOST_LINKED = 100;
    private static final double BYTES_PER_MBIT = 1e6 / 8;
    private static final long MUCH_MEMORY = 2L << 30;
    private static final long LITTLE_MEMORY = 48L << 20;

    private RandomFleet() {}

    /**
     * Nodes and the links between each of them and the gateway.
     *
     * @param cardMbit of the gateway's network card
     */
    public static Topology draw(int size, double cardMbit, SplittableRandom random) {
        List<Node> nodes = new ArrayList<>();
        List<Double> bandwidths = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            nodes.add(node("node-" + number, random));
            bandwidths.add((random.nextInt(2) == 0 ? 100 : 1000) * BYTES_PER_MBIT);
        }
        List<Link> links = new ArrayList<>();
        for (int from = 0; from < size; from++) {
            String name = nodes.get(from).id();
            double latency = 2e-4 + random.nextDouble() * 8e-4;
            double bandwidth = Math.min(bandwidths.get(from), cardMbit * BYTES_PER_MBIT);
            links.add(new Link(GATEWAY, name, bandwidth, latency));
            links.add(new Link(name, GATEWAY, bandwidth, latency));
            for (int to = 0; to < size && size <= MOST_LINKED; to++) {
                if (to != from) {
                    double slower = Math.min(bandwidths.get(from), bandwidths.get(to));
                    links.add(new Link(name, nodes.get(to).id(), slower, latency));
                }
            }
        }
        return new Topology(nodes, links);
    }

    /** Boards with much memory and so many core groups each, all linked alike. */
    public static Topology linked(
            int size, int groups, double bytesPerSecond, double latencySeconds, SplittableRandom random) {
        List<Node> nodes = new ArrayList<>();
        List<String> ends = new ArrayList<>(List.of(GATEWAY));
        for (int number = 0; number < size; number++) {
            nodes.add(new Node("node-" + number, MUCH_MEMORY, groups("node-" + number, groups, random)));
            ends.add("node-" + number);
        }
        List<Link> links = new ArrayList<>();
        for (String from : ends) {
            ends.stream()
                    .filter(to -> !to.equals(from))
                    .forEach(to -> links.add(new Link(from, to, bytesPerSecond, latencySeconds)));
        }
        return new Topology(nodes, links);
    }

    private static Node node(String name, SplittableRandom random) {
        List<CoreGroup> groups = groups(name, 1 + random.nextInt(3), random);
        return new Node(name, random.nextInt(5) == 0 ? LITTLE_MEMORY : MUCH_MEMORY, groups);
    }

    private static List<CoreGroup> groups(String node, int count, SplittableRandom random) {
        List<CoreGroup> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            double rate = 5e9 * Math.pow(20, random.nextDouble());
            groups.add(new CoreGroup(new CoreGroupId(node, "g" + group), CoreGroup.Kind.CPU, List.of(), 1, rate));
        }
        return groups;
    }
}
