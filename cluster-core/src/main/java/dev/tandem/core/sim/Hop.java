package dev.tandem.core.sim;

/**
 * What one port sends to another for every request, all tensors together.
 *
 * @param producer number of a port
 * @param consumer number of a port
 * @param edge its place among the producer's hops
 * @param link number of the link; -1 inside a node, where nothing takes time
 * @param fixedSeconds that it keeps the link busy whatever the link's rate
 * @param scaledSeconds that it keeps the link busy at the topology's rate
 * @param latencySeconds of the link, with those in which the first frame is encoded and the last one decoded
 * @param carrySendSeconds that it takes of a CPU where it leaves, coding included
 * @param carryReceiveSeconds that it takes of a CPU where it arrives, coding included
 */
record Hop(
        int index,
        int producer,
        int consumer,
        int edge,
        int link,
        double fixedSeconds,
        double scaledSeconds,
        double sendSeconds,
        double receiveSeconds,
        double latencySeconds,
        double creditSeconds,
        double carrySendSeconds,
        double carryReceiveSeconds) {

    static final int NO_LINK = -1;

    boolean isLocal() {
        return link == NO_LINK;
    }
}
