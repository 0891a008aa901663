package dev.tandem.actors.protocol;

/** Why a request was not answered with outputs. */
public enum ErrorCode {
    /** The caller's tensors do not fit the model. */
    INVALID_INPUT,
    /** No plan is active for the model. */
    NOT_SERVING,
    /** The queue is full; the same request may succeed later. */
    OVERLOADED,
    /** The deadline passed before the outputs were complete. */
    DEADLINE_EXCEEDED,
    /** A node that took part was lost, or frames were, and no plan took over in time. */
    PIPELINE_LOST,
    /** An operator failed. */
    COMPUTE_FAILED
}
