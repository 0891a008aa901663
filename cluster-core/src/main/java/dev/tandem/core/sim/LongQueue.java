package dev.tandem.core.sim;

/** First in, first out, on a primitive array. */
final class LongQueue {

    private static final int INITIAL_CAPACITY = 8;

    private long[] values = new long[INITIAL_CAPACITY];
    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == values.length) {
            grow();
        }
        values[(first + size) & (values.length - 1)] = value;
        size++;
    }

    /** Takes the oldest value; only of a queue that is not empty. */
    long poll() {
        long value = values[first];
        first = (first + 1) & (values.length - 1);
        size--;
        return value;
    }

    private void grow() {
        long[] larger = new long[2 * size];
        for (int index = 0; index < size; index++) {
            larger[index] = values[(first + index) & (values.length - 1)];
        }
        values = larger;
        first = 0;
    }
}
