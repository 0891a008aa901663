package dev.tandem.core.topology;

/**
 * A directed path between two nodes.
 *
 * @param bandwidthBytesPerSecond measured goodput
 * @param latencySeconds one way
 */
public record Link(String from, String to, double bandwidthBytesPerSecond, double latencySeconds) {

    public Link {
        if (!(bandwidthBytesPerSecond > 0) || !(latencySeconds >= 0)) {
            throw new IllegalArgumentException("link " + from + " -> " + to + " must have a bandwidth above 0 ("
                    + bandwidthBytesPerSecond + ") and a latency of at least 0 (" + latencySeconds + ")");
        }
    }
}
