package dev.tandem.core.planner.bottleneck;

/**
 * A machine of a mesh.
 *
 * @param name for messages
 * @param capacityBytes most memory of the piece that it can hold
 */
public record MeshNode(String name, long capacityBytes) {

    public MeshNode {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException(
                    "capacity of node '" + name + "' (" + capacityBytes + " bytes) must not be below 0.");
        }
    }
}
