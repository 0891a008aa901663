package dev.tandem.config;

import java.time.Duration;
import java.util.Locale;

/** Sizes and durations in the form in which a settings file has them. */
final class Units {

    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int KIBI = 1024;
    private static final int MILLIS_PER_SECOND = 1000;

    private Units() {}

    /** In the largest unit that leaves a whole number, so that nothing is rounded: 1536KiB. */
    static String size(long bytes) {
        long value = bytes;
        int unit = 0;
        while (value != 0 && value % KIBI == 0 && unit < SIZE_UNITS.length - 1) {
            value /= KIBI;
            unit++;
        }
        return value + SIZE_UNITS[unit];
    }

    /** 100ms, 1500ms, 30s, 2m, 1h; what is below a millisecond is cut off. */
    static String duration(Duration duration) {
        boolean wholeSeconds = duration.toMillis() % MILLIS_PER_SECOND == 0;
        return wholeSeconds
                ? duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT)
                : duration.toMillis() + "ms";
    }
}
