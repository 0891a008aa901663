package dev.tandem.core.sim;

/** Which pieces have come of the requests that a consumer collects, as the runtime's piece inbox counts them. */
final class Inbox {

    private final int pieces;
    private final int[] arrived;
    private int released;

    /**
     * @param pieces that make a request ready
     * @param window requests that are collected at a time
     */
    Inbox(int pieces, int window) {
        this.pieces = pieces;
        this.arrived = new int[window];
    }

    void onPiece(int sequence) {
        arrived[sequence % arrived.length]++;
    }

    boolean isReady(int sequence) {
        return sequence - released < arrived.length && arrived[sequence % arrived.length] == pieces;
    }

    /** Forgets the oldest request, whose pieces have been used. */
    void release() {
        arrived[released % arrived.length] = 0;
        released++;
    }
}
