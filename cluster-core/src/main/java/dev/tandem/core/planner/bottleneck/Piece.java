package dev.tandem.core.planner.bottleneck;

/** The blocks {@code [from, to)} on a node, by index. */
public record Piece(int from, int to, int node) {}
