package dev.tandem.config;

import java.time.Duration;

/** Bounds of settings that code builds itself; those from files are refused by {@link SectionReader} with their origin. */
final class Limits {

    private Limits() {}

    static void check(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " (" + value + ") must be from " + min + " to " + max + ".");
        }
    }

    static void check(String what, double value, double max) {
        if (!(value >= 0 && value <= max)) {
            throw new IllegalArgumentException(what + " (" + value + ") must be from 0 to " + max + ".");
        }
    }

    static void check(String what, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("%s (%s) must be from %s to %s."
                    .formatted(what, Units.duration(value), Units.duration(min), Units.duration(max)));
        }
    }
}
