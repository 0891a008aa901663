package dev.tandem.core.cost;

/**
 * What comes to one place of one request: complete when the last piece has come, and no sooner than the network card can
 * have taken all pieces of other nodes, the first of which begins to come first. Used by one thread.
 */
public final class Inflow {

    private double lastSeconds;
    private double beginSeconds = Double.POSITIVE_INFINITY;
    private double cardSeconds;

    /** A piece of the same node. */
    public void add(double arriveSeconds) {
        lastSeconds = Math.max(lastSeconds, arriveSeconds);
    }

    /**
     * A piece of another node.
     *
     * @param beginSeconds when its first byte can come
     * @param arriveSeconds when its last byte would come if it came alone
     * @param receiveSeconds for which it keeps the card busy
     * @return when its last byte comes, behind the pieces that were added before
     */
    public double add(double beginSeconds, double arriveSeconds, double receiveSeconds) {
        add(arriveSeconds);
        this.beginSeconds = Math.min(this.beginSeconds, beginSeconds);
        cardSeconds += receiveSeconds;
        return Math.max(arriveSeconds, this.beginSeconds + cardSeconds);
    }

    /** When all is there; 0 where nothing comes. */
    public double completeSeconds() {
        return cardSeconds == 0 ? lastSeconds : Math.max(lastSeconds, beginSeconds + cardSeconds);
    }
}
