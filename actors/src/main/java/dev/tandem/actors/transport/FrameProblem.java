package dev.tandem.actors.transport;

/** What can be wrong with a frame that arrives. */
public enum FrameProblem {
    /** A frame or a request before it is missing. */
    OUT_OF_ORDER,
    /** It was there before. */
    DUPLICATE,
    /** It is not about the region, or not of the size, that the consumer expects on this edge. */
    WRONG_REGION,
    /** It reaches beyond its piece. */
    OVERSIZED,
    /** It is not coded as the plan says. */
    WRONG_CODEC,
    /** It belongs to another plan. */
    WRONG_EPOCH,
    /** It belongs to another lane or edge of the plan. */
    WRONG_EDGE,
    /** Its bytes are not those that were sent. */
    CORRUPT
}
