package dev.tandem.deploy.drawing;

import java.util.Locale;

/** Figures in few letters, for pictures. The decimal sign is a point whatever the locale. */
final class Quantities {

    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantities() {}

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BYTES.length - 1) {
            value /= 1024;
            unit++;
        }
        return digits(value) + " " + BYTES[unit];
    }

    static String millis(double seconds) {
        return digits(seconds * 1e3) + " ms";
    }

    static String bitRate(double bytesPerSecond) {
        double megabits = bytesPerSecond * 8 / 1e6;
        return megabits >= 1e4 ? digits(megabits / 1e3) + " Gbit/s" : digits(megabits) + " Mbit/s";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** Three digits that count. */
    static String digits(double value) {
        String format = value >= 100 || value == 0 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
