package dev.tandem.config;

/** The least important messages shown. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
