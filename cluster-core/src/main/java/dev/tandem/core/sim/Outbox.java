package dev.tandem.core.sim;

/** How many requests a producer's consumers have not given credit for, as the runtime's piece outbox counts them. */
final class Outbox {

    private final int window;
    private final int[] credited;
    private int oldestInUse;
    private int edgesAtOldest;

    Outbox(int edges, int window) {
        this.window = window;
        this.credited = new int[edges];
        this.edgesAtOldest = edges;
    }

    /** Whether the buffers of the request with this sequence are free. */
    boolean hasRoomFor(int sequence) {
        return credited.length == 0 || sequence - oldestInUse < window;
    }

    /** The consumer at the end of this edge has used one request more. */
    void onCredit(int edge) {
        if (credited[edge]++ == oldestInUse && --edgesAtOldest == 0) {
            findOldest();
        }
    }

    private void findOldest() {
        oldestInUse = Integer.MAX_VALUE;
        for (int count : credited) {
            if (count < oldestInUse) {
                oldestInUse = count;
                edgesAtOldest = 0;
            }
            edgesAtOldest += count == oldestInUse ? 1 : 0;
        }
    }
}
