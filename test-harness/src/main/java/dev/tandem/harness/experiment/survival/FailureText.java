package dev.tandem.harness.experiment.survival;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Why requests were not answered, as Markdown. */
final class FailureText {

    private static final double PAUSE_SECONDS = 2;

    private FailureText() {}

    /** The times without longer pauses at which requests failed, with how many did; empty where none is known. */
    static String times(List<Double> seconds) {
        List<String> spans = new ArrayList<>();
        List<Double> sorted = seconds.stream().sorted().toList();
        for (int from = 0, next = 1; next <= sorted.size(); next++) {
            if (next == sorted.size() || sorted.get(next) - sorted.get(next - 1) > PAUSE_SECONDS) {
                spans.add(String.format(
                        Locale.ROOT, "%.1f to %.1f s: %d", sorted.get(from), sorted.get(next - 1), next - from));
                from = next;
            }
        }
        return spans.isEmpty() ? "" : "\nWhen: " + String.join(", ", spans) + ".\n";
    }

    /** Each reason once, with how often; empty where there is none. */
    static String each(List<String> failures) {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        failures.forEach(failure -> reasons.merge(failure, 1, Integer::sum));
        return reasons.isEmpty()
                ? ""
                : reasons.entrySet().stream()
                        .map(reason -> "* " + reason.getValue() + " times: " + reason.getKey() + "\n")
                        .collect(Collectors.joining("", "\nNot answered:\n\n", ""));
    }
}
