package dev.tandem.core.graph;

/** The layers between two cuts: those with index in {@code [from, to)}. */
public record Segment(int from, int to) {

    public Segment {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("segment [" + from + ", " + to + ") must hold at least one layer");
        }
    }

    public boolean contains(int layer) {
        return from <= layer && layer < to;
    }

    public int size() {
        return to - from;
    }
}
