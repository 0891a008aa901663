package dev.tandem.core.cost;

/** What does one thing at a time; a node's network card is two, one for each direction. */
public enum ResourceKind {
    CORE_GROUP,
    LINK,
    SENDING_CARD,
    RECEIVING_CARD,
    SHARED_MEDIUM
}
