package dev.tandem.core.sim;

/**
 * A node is lost, for good: lanes that use it end, and the requests in them are lost. The lanes that are left go on. The
 * runtime would make another plan and send those requests again; that is not simulated.
 */
public record NodeLoss(String node, double seconds) {

    public NodeLoss {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException(
                    "loss of node " + node + " at " + seconds + " s must be at 0 s or later");
        }
    }
}
