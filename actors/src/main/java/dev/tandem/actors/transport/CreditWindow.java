package dev.tandem.actors.transport;

/**
 * How many pieces a producer may still send to one consumer before that gives credit back. It keeps memory bounded: the
 * consumer has room for {@code size} pieces, so a slow one slows its producers. Threading: one thread at a time.
 */
public final class CreditWindow {

    private final int size;
    private int available;

    /** A window with all of its credit available. */
    public CreditWindow(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size (" + size + ") of a credit window must be above 0");
        }
        this.size = size;
        this.available = size;
    }

    public int size() {
        return size;
    }

    public int available() {
        return available;
    }

    /** Credit that has been taken and not given back. */
    public int inFlight() {
        return size - available;
    }

    /** Takes credit for one piece; false when there is none left. */
    public boolean tryTake() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /**
     * Takes credit back.
     *
     * @throws IllegalStateException when more comes back than was taken
     */
    public void give(int pieces) {
        if (pieces <= 0 || pieces > inFlight()) {
            throw new IllegalStateException("credit given back (" + pieces + ") must be above 0 and at most what is in"
                    + " flight (" + inFlight() + ")");
        }
        available += pieces;
    }
}
