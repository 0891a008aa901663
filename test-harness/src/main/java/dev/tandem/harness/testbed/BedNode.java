package dev.tandem.harness.testbed;

import java.util.List;

/**
 * A node of a test bed that is up.
 *
 * @param address on the bed's network
 * @param namespace of the network
 * @param groups its core groups
 * @param memoryBytes that the kernel lets it have
 * @param link in both directions
 */
public record BedNode(
        String name,
        String address,
        String namespace,
        List<Calibration.Share> groups,
        long memoryBytes,
        LinkShape link) {
    public BedNode {
        groups = List.copyOf(groups);
    }
}
