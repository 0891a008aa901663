package dev.tandem.core.cost;

/** What does one thing at a time; a node's network card is two, one for each direction. */
public enum ResourceKind {
    CORE_GROUP,
    /** The CPUs of a machine, for computing and carrying together. */
    PROCESSOR,
    LINK,
    SENDING_CARD,
    RECEIVING_CARD,
    SHARED_MEDIUM
}
