package dev.tandem.config;

/** Whether weights are kept in a second, faster layout: speed against memory. */
public enum PrepackMode {
    AUTO,
    ON,
    OFF
}
