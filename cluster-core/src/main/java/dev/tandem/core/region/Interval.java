package dev.tandem.core.region;

/** A half-open range of indices {@code [from, to)}. */
public record Interval(int from, int to) {

    public static final Interval EMPTY = new Interval(0, 0);

    public Interval {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("interval [" + from + ", " + to + ") must not be negative or reversed");
        }
    }

    /** The part of {@code [from, to)} that lies in {@code [0, extent)}; {@link #EMPTY} when there is none. */
    public static Interval clamped(int from, int to, int extent) {
        int low = Math.max(0, from);
        int high = Math.min(extent, to);
        return low < high ? new Interval(low, high) : EMPTY;
    }

    public int length() {
        return to - from;
    }

    public boolean isEmpty() {
        return from == to;
    }

    public boolean contains(Interval other) {
        return other.isEmpty() || (from <= other.from && other.to <= to);
    }

    /** What both have in common; {@link #EMPTY} when nothing. */
    public Interval intersect(Interval other) {
        int low = Math.max(from, other.from);
        int high = Math.min(to, other.to);
        return low < high ? new Interval(low, high) : EMPTY;
    }

    /** The smallest interval that holds both. */
    public Interval hull(Interval other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        return new Interval(Math.min(from, other.from), Math.max(to, other.to));
    }

    @Override
    public String toString() {
        return "[" + from + "," + to + ")";
    }
}
