package dev.tandem.core.planner.bottleneck;

import java.util.List;

/** Nodes and the bandwidth from each to each other; directed, 0 where there is no link. Immutable. */
public final class Mesh {

    /** Bandwidth from one node to another, by index, in bytes per second. */
    @FunctionalInterface
    public interface Bandwidth {
        double bytesPerSecond(int from, int to);
    }

    private final List<MeshNode> nodes;
    private final double[][] bandwidth;

    /** @throws IllegalArgumentException without any node, or where a bandwidth is below 0, infinite or no number */
    public Mesh(List<MeshNode> nodes, Bandwidth bandwidth) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a mesh must have at least one node.");
        }
        this.nodes = List.copyOf(nodes);
        this.bandwidth = new double[nodes.size()][nodes.size()];
        for (int from = 0; from < nodes.size(); from++) {
            for (int to = 0; to < nodes.size(); to++) {
                this.bandwidth[from][to] = from == to ? 0 : checked(bandwidth, from, to);
            }
        }
    }

    /** The nodes. */
    public List<MeshNode> nodes() {
        return nodes;
    }

    /** How many nodes. */
    public int size() {
        return nodes.size();
    }

    /** Bytes per second from one node to another; 0 where there is no link. */
    public double bytesPerSecond(int from, int to) {
        return bandwidth[from][to];
    }

    /** The same links between nodes that have so much more memory. */
    Mesh withMoreMemory(long bytes) {
        return new Mesh(
                nodes.stream()
                        .map(node -> new MeshNode(node.name(), node.capacityBytes() + bytes))
                        .toList(),
                this::bytesPerSecond);
    }

    private double checked(Bandwidth given, int from, int to) {
        double bytesPerSecond = given.bytesPerSecond(from, to);
        if (!(bytesPerSecond >= 0) || Double.isInfinite(bytesPerSecond)) {
            throw new IllegalArgumentException("bandwidth from '"
                    + nodes.get(from).name() + "' to '" + nodes.get(to).name() + "' (" + bytesPerSecond
                    + " bytes per second) must be finite and not below 0.");
        }
        return bytesPerSecond;
    }
}
