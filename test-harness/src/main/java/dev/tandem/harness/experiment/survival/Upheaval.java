package dev.tandem.harness.experiment.survival;

/** A time in which much happens to a cluster that serves. */
public enum Upheaval {
    /** Every node is asked to leave, and starts anew, one after the other. */
    ROLLING_RESTART("every node is restarted, one after the other"),
    /** Two of five nodes and the others do not reach each other for half a minute. */
    PARTITION("two nodes cut off from the others for 30 s, and started again"),
    /** The node with the supervisor is killed, and starts anew, again and again, once all is whole. */
    SUPERVISORS("the supervisor's node killed, ten times"),
    /** A node leaves, and comes back when all has come to rest. */
    JOIN("a node leaves, and joins again");

    private final String words;

    Upheaval(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
