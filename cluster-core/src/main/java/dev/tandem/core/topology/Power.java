package dev.tandem.core.topology;

/**
 * Electric power of a core group. The idle power of a node's core groups and {@link NodePower#idleWatts} add up to that of
 * the idle node.
 *
 * @param idleWatts while it computes nothing
 * @param busyWatts while it computes, not less
 */
public record Power(double idleWatts, double busyWatts) {

    public Power {
        if (!(idleWatts >= 0 && Double.isFinite(busyWatts) && busyWatts >= idleWatts)) {
            throw new IllegalArgumentException("idle power (" + idleWatts + " W) must be at least 0 and busy power ("
                    + busyWatts + " W) finite and not below it. Maybe they are swapped.");
        }
    }

    /** What computing adds. */
    public double activeWatts() {
        return busyWatts - idleWatts;
    }
}
