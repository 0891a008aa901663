package dev.tandem.core.adapt;

/**
 * Whether requests take longer than the machines explain, so that links are to be suspected: much longer than predicted, at a
 * rate that is well below what is predicted to be possible, while no core group is busy, several times in a row. Queues at a
 * busy core group are no such reason. Not thread-safe.
 */
public final class DelayWatch {

    /** Windows in a row. */
    static final int WINDOWS = 3;

    /** So many times as long as predicted. */
    static final double LONGER = 2;

    /** Less than that longer may be a pause of any process. */
    static final double LEAST_SECONDS = 0.02;

    /** The rate that is predicted to be possible is so many times that of the window, at the least. */
    static final double ROOM = 1.5;

    private int inARow;

    /**
     * A window.
     *
     * @param predictedSeconds of one request alone
     * @param predictedPerSecond when many are in flight
     * @param meanSeconds that the requests of the window took
     * @param perSecond of them
     * @param busiest largest busy share of a core group
     * @return whether links are to be looked at; after that it counts anew
     */
    public boolean isSuspicious(
            double predictedSeconds, double predictedPerSecond, double meanSeconds, double perSecond, double busiest) {
        boolean isDelayed = meanSeconds > LONGER * predictedSeconds
                && meanSeconds - predictedSeconds > LEAST_SECONDS
                && perSecond * ROOM < predictedPerSecond
                && busiest < SpeedEstimate.WORKING;
        inARow = isDelayed ? inARow + 1 : 0;
        if (inARow < WINDOWS) {
            return false;
        }
        inARow = 0;
        return true;
    }
}
