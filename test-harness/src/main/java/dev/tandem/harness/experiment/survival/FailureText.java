package dev.tandem.harness.experiment.survival;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why requests were not answered, as Markdown. */
final class FailureText {

    private FailureText() {}

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
