package dev.tandem.deploy.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CPU numbers as operating systems write them: {@code 0-3,6}. */
public final class CpuRanges {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    private CpuRanges() {}

    /**
     * Reads the numbers, in the order in which they stand.
     *
     * @throws IllegalArgumentException if the text is no list of numbers and ranges
     */
    public static List<Integer> parse(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = RANGE.matcher(part.strip());
            if (!matcher.matches()) {
                throw unfit(text);
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw unfit(text);
            }
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return List.copyOf(cpus);
    }

    private static IllegalArgumentException unfit(String text) {
        return new IllegalArgumentException("CPUs ('" + text + "') must be numbers and ranges, such as 0-3,6.");
    }
}
