package dev.tandem.core.plan;

/** How a tensor travels along an edge. */
public enum Codec {
    /** Element for element as the producer wrote it. */
    EXACT
}
