package dev.tandem.config;

/** How the loss of a node is prepared for. */
public enum StandbyMode {
    /** Not at all: another plan is made when it has happened. */
    NONE,
    /** A plan for the loss of each node is made ahead. */
    PLANNED,
    /** Where no lane would be left, one of that plan is open ahead, too. */
    WARM
}
