package dev.tandem.core.topology;

import java.util.List;

/**
 * A machine of the cluster.
 *
 * @param memoryBytes memory that weights and activations of models may use here
 * @param coreGroups at least one
 */
public record Node(String id, long memoryBytes, List<CoreGroup> coreGroups) {

    public Node {
        coreGroups = List.copyOf(coreGroups);
        if (coreGroups.isEmpty()) {
            throw new IllegalArgumentException("node " + id + " must have at least one core group");
        }
    }
}
