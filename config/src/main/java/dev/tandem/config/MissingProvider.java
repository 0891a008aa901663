package dev.tandem.config;

/** What a node does when a core group's provider does not work on it. */
public enum MissingProvider {
    /** It does not start, and says why. */
    FAIL,
    /** The core group computes on CPUs; log and status of the cluster say why. */
    CPU
}
