package dev.tandem.core.planner.bottleneck;

/**
 * A part of a model that is never divided.
 *
 * @param name for messages
 * @param memoryBytes what it takes on its node
 * @param transferBytes what travels when the next block is on another node
 */
public record Block(String name, long memoryBytes, double transferBytes) {

    public Block {
        if (memoryBytes < 0 || !(transferBytes >= 0) || Double.isInfinite(transferBytes)) {
            throw new IllegalArgumentException("memory (" + memoryBytes + " bytes) and transfer (" + transferBytes
                    + " bytes) of block '" + name + "' must be finite and not below 0.");
        }
    }
}
