package dev.tandem.deploy.wiring;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bandwidths as people write them: {@code 941Mbit/s}, {@code 100 MB/s}. */
public final class Bandwidth {

    private static final double BYTES_PER_BIT = 0.125;
    private static final double KIBI = 1024;
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s*([A-Za-z]+/s)");
    private static final Map<String, Double> BYTES_PER_SECOND = Map.of(
            "kbit/s", 1e3 * BYTES_PER_BIT,
            "Mbit/s", 1e6 * BYTES_PER_BIT,
            "Gbit/s", 1e9 * BYTES_PER_BIT,
            "kB/s", 1e3,
            "MB/s", 1e6,
            "GB/s", 1e9,
            "KiB/s", KIBI,
            "MiB/s", KIBI * KIBI,
            "GiB/s", KIBI * KIBI * KIBI);

    private Bandwidth() {}

    /**
     * Bytes per second, above 0.
     *
     * @throws IllegalArgumentException if the text is no bandwidth
     */
    public static double bytesPerSecond(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        Double unit = matcher.matches() ? BYTES_PER_SECOND.get(matcher.group(2)) : null;
        double bytes = unit == null ? 0 : Double.parseDouble(matcher.group(1)) * unit;
        if (!(bytes > 0)) {
            throw new IllegalArgumentException(
                    "bandwidth '" + text + "' must look like 100Mbit/s, 1Gbit/s or 11.5MB/s.");
        }
        return bytes;
    }
}
