package dev.tandem.core.topology;

/**
 * Electric power of a node beside its core groups.
 *
 * @param idleWatts at any time: board, memory, network card that waits
 * @param sendWatts that sending adds, while a link from the node is busy
 * @param receiveWatts that receiving adds, while a link to the node is busy
 */
public record NodePower(double idleWatts, double sendWatts, double receiveWatts) {

    /** Nothing: the core groups' power is all of the node's. */
    public static final NodePower NONE = new NodePower(0, 0, 0);

    public NodePower {
        requirePower("idle", idleWatts);
        requirePower("send", sendWatts);
        requirePower("receive", receiveWatts);
    }

    private static void requirePower(String name, double watts) {
        if (!(watts >= 0 && Double.isFinite(watts))) {
            throw new IllegalArgumentException(name + " power (" + watts + " W) must be finite and at least 0");
        }
    }
}
