package dev.tandem.core.planner.bottleneck;

/** Which blocks of a piece count against the memory of its node. */
public enum MemoryRule {
    /** All of them. */
    ALL_BLOCKS,
    /**
     * All but the first: how the experiment code of Parthasarathy and Krishnamachari (ITNAC 2022) adds up, whose memory
     * begins after the first cut point of a piece.
     */
    FIRST_BLOCK_FREE
}
