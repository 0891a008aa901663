package dev.tandem.core.sim;

import java.util.Arrays;

/** What will happen when: a binary heap on primitive arrays; what is at equal times comes in the order of its adding. */
final class EventQueue {

    private static final int INITIAL_CAPACITY = 256;

    private double[] times = new double[INITIAL_CAPACITY];
    private long[] orders = new long[INITIAL_CAPACITY];
    private long[] events = new long[INITIAL_CAPACITY];
    private int size;
    private long added;

    boolean isEmpty() {
        return size == 0;
    }

    /** Events added so far. */
    long added() {
        return added;
    }

    /** When the next event is; only of a queue that is not empty. */
    double nextSeconds() {
        return times[0];
    }

    void add(double seconds, long event) {
        if (size == times.length) {
            grow();
        }
        long order = added++;
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (times[parent] <= seconds) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, seconds, order, event);
    }

    /** Takes the next event; only of a queue that is not empty. */
    long poll() {
        long next = events[0];
        size--;
        if (size > 0) {
            sinkFromTop(times[size], orders[size], events[size]);
        }
        return next;
    }

    private void sinkFromTop(double seconds, long order, long event) {
        int hole = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(child + 1, times[child], orders[child])) {
                child++;
            }
            if (!isBefore(child, seconds, order)) {
                break;
            }
            move(child, hole);
            hole = child;
            child = 2 * hole + 1;
        }
        put(hole, seconds, order, event);
    }

    private boolean isBefore(int index, double seconds, long order) {
        return times[index] < seconds || (times[index] == seconds && orders[index] < order);
    }

    private void move(int from, int to) {
        put(to, times[from], orders[from], events[from]);
    }

    private void put(int index, double seconds, long order, long event) {
        times[index] = seconds;
        orders[index] = order;
        events[index] = event;
    }

    private void grow() {
        times = Arrays.copyOf(times, 2 * size);
        orders = Arrays.copyOf(orders, 2 * size);
        events = Arrays.copyOf(events, 2 * size);
    }
}
