package dev.tandem.core.topology;

import java.util.HashSet;
import java.util.List;

/**
 * A directed path between two nodes.
 *
 * @param bandwidthBytesPerSecond measured goodput
 * @param latencySeconds one way
 * @param media names of the channels that the link shares with others, such as the air of a Wi-Fi: while it carries
 *     something no other link of that channel does, in either direction. Empty for a full-duplex link of its own
 */
public record Link(String from, String to, double bandwidthBytesPerSecond, double latencySeconds, List<String> media) {

    public Link {
        media = List.copyOf(media);
        if (!(bandwidthBytesPerSecond > 0) || !(latencySeconds >= 0)) {
            throw new IllegalArgumentException("link " + from + " -> " + to + " must have a bandwidth above 0 ("
                    + bandwidthBytesPerSecond + ") and a latency of at least 0 (" + latencySeconds + ")");
        }
        if (new HashSet<>(media).size() != media.size()) {
            throw new IllegalArgumentException("media " + media + " of link " + from + " -> " + to + " must differ");
        }
    }

    /** A link that shares no channel. */
    public Link(String from, String to, double bandwidthBytesPerSecond, double latencySeconds) {
        this(from, to, bandwidthBytesPerSecond, latencySeconds, List.of());
    }

    /** The same link on these channels. */
    public Link on(List<String> others) {
        return new Link(from, to, bandwidthBytesPerSecond, latencySeconds, others);
    }
}
