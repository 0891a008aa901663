package dev.tandem.config;

/** What a core group consists of. Settings with {@link #GPU} are refused until a runtime for it exists. */
public enum CoreGroupKind {
    CPU,
    GPU
}
