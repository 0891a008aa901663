package dev.tandem.core.topology;

import java.util.List;

/**
 * A machine of the cluster.
 *
 * @param memoryBytes memory that weights and activations of models may use here
 * @param coreGroups at least one
 * @param power of what is in the machine beside its core groups; of no matter where theirs is not known
 * @param processor that its core groups and its transport share
 */
public record Node(String id, long memoryBytes, List<CoreGroup> coreGroups, NodePower power, Processor processor) {

    public Node {
        coreGroups = List.copyOf(coreGroups);
        if (coreGroups.isEmpty()) {
            throw new IllegalArgumentException("node " + id + " must have at least one core group");
        }
    }

    /** A machine of its own, on which nothing but computing takes processor time. */
    public Node(String id, long memoryBytes, List<CoreGroup> coreGroups, NodePower power) {
        this(id, memoryBytes, coreGroups, power, Processor.of(id, coreGroups));
    }

    /** A machine whose core groups' power, where it is known, is all of its power. */
    public Node(String id, long memoryBytes, List<CoreGroup> coreGroups) {
        this(id, memoryBytes, coreGroups, NodePower.NONE);
    }

    /** The same node on another processor. */
    public Node on(Processor other) {
        return new Node(id, memoryBytes, coreGroups, power, other);
    }

    /** The same node with another memory. */
    public Node withMemory(long bytes) {
        return new Node(id, bytes, coreGroups, power, processor);
    }

    /** The same node with other core groups. */
    Node with(List<CoreGroup> others) {
        return new Node(id, memoryBytes, others, power, processor);
    }

    /** Whether the power of every core group is known, and with it that of the machine. */
    public boolean hasPower() {
        return coreGroups.stream().allMatch(group -> group.power().isPresent());
    }
}
