package dev.tandem.config;

/** How tensors travel between nodes. */
public enum PlannerCodec {
    /** As they were computed. */
    EXACT,
    /** Floats in two bytes. */
    FLOAT16,
    /** Floats in a byte, with a range for each channel. */
    INT8,
    /** As they were computed, in LZ4 blocks. */
    LZ4,
    FLOAT16_LZ4,
    INT8_LZ4
}
