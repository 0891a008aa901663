package dev.tandem.core.topology;

/** A core group's name, unique in the cluster: the node and the group's name inside it. */
public record CoreGroupId(String node, String group) implements Comparable<CoreGroupId> {

    @Override
    public int compareTo(CoreGroupId other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : group.compareTo(other.group);
    }

    @Override
    public String toString() {
        return node + "/" + group;
    }
}
