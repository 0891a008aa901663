package dev.tandem.core.sim;

import java.util.Arrays;

/** Which requests each lane has been dealt, by their sequence in the lane, and which of them are still under way. */
final class LaneStates {

    private static final int INITIAL_CAPACITY = 16;

    private final int[][] requests;
    private final int[] dealt;
    private final int[] answered;
    private final boolean[] hasEnded;

    LaneStates(int lanes) {
        requests = new int[lanes][INITIAL_CAPACITY];
        dealt = new int[lanes];
        answered = new int[lanes];
        hasEnded = new boolean[lanes];
    }

    int dealt(int lane) {
        return dealt[lane];
    }

    int request(int lane, int sequence) {
        return requests[lane][sequence];
    }

    boolean isAlive(int lane) {
        return !hasEnded[lane];
    }

    /** Returns the sequence of the request in the lane. */
    int deal(int lane, int request) {
        int sequence = dealt[lane]++;
        if (sequence == requests[lane].length) {
            requests[lane] = Arrays.copyOf(requests[lane], 2 * sequence);
        }
        requests[lane][sequence] = request;
        return sequence;
    }

    boolean isUnderWay(int lane) {
        return underWay(lane) > 0;
    }

    int underWay(int lane) {
        return dealt[lane] - answered[lane];
    }

    /** Sequence of the oldest request that has not been answered. */
    int oldest(int lane) {
        return answered[lane];
    }

    void answer(int lane) {
        answered[lane]++;
    }

    /** Returns how many requests are lost by it; 0 when the lane has ended before. */
    int end(int lane) {
        int lost = hasEnded[lane] ? 0 : underWay(lane);
        hasEnded[lane] = true;
        return lost;
    }
}
