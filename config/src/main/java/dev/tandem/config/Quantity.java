package dev.tandem.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Powers and energies as people write them: {@code 2W}, {@code 450 mW}, {@code 1.5J}; a bare number is in W or J. */
public final class Quantity {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");
    private static final Map<String, Double> WATTS = Map.of("", 1.0, "mW", 1e-3, "W", 1.0, "kW", 1e3);
    private static final Map<String, Double> JOULES = Map.of("", 1.0, "mJ", 1e-3, "J", 1.0, "kJ", 1e3);

    private Quantity() {}

    /**
     * Watts, at least 0.
     *
     * @throws IllegalArgumentException if the text is no power
     */
    public static double watts(String text) {
        return parse("power", text, WATTS, "2W or 450mW");
    }

    /**
     * Joules, at least 0.
     *
     * @throws IllegalArgumentException if the text is no energy
     */
    public static double joules(String text) {
        return parse("energy", text, JOULES, "2J or 450mJ");
    }

    private static double parse(String kind, String text, Map<String, Double> units, String examples) {
        Matcher matcher = FORM.matcher(text.strip());
        Double unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(kind + " '" + text + "' must look like " + examples + ".");
        }
        return Double.parseDouble(matcher.group(1)) * unit;
    }
}
