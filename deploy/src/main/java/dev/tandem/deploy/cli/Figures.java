package dev.tandem.deploy.cli;

import java.util.Locale;

/** Numbers as people read them. The decimal sign is a point whatever the locale. */
final class Figures {

    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final String[] COUNT_UNITS = {"", "k", "M", "G", "T"};
    private static final int BYTE_STEP = 1024;
    private static final int COUNT_STEP = 1000;
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double MILLIJOULES_PER_JOULE = 1000;

    private Figures() {}

    /** For example {@code 1.5 MiB}. */
    static String bytes(long bytes) {
        return scaled(bytes, BYTE_STEP, BYTE_UNITS);
    }

    /** For example {@code 4.09 G}. */
    static String count(long count) {
        return scaled(count, COUNT_STEP, COUNT_UNITS).stripTrailing();
    }

    /** Milliseconds with three digits that count, for example {@code 12.3}. */
    static String millis(double seconds) {
        return digits(seconds * MILLIS_PER_SECOND);
    }

    /** Millijoules with three digits that count. */
    static String millijoules(double joules) {
        return digits(joules * MILLIJOULES_PER_JOULE);
    }

    /** For example {@code 73 %}. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    /** An error: short, and plain where it is nothing. */
    static String error(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
    }

    /** At least three digits that count. */
    static String digits(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String scaled(long amount, int step, String[] units) {
        double value = amount;
        int unit = 0;
        while (Math.abs(value) >= step && unit < units.length - 1) {
            value /= step;
            unit++;
        }
        return (unit == 0 ? Long.toString(amount) : digits(value)) + " " + units[unit];
    }
}
