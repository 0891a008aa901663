package dev.tandem.harness.experiment.drift;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes what came of all trials as a Markdown page. */
public final class DriftPage {

    private static final double MILLIS = 1e3;

    private DriftPage() {}

    /** Makes the folder if need be and replaces the page. */
    public static void write(Path folder, String name, String command, List<DriftTrial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), page(command, trials));
    }

    static String page(String command, List<DriftTrial> trials) {
        return "# A machine that becomes slower, and faster again\n\n    " + command + "\n\n"
                + """
                Requests per second of a saturated cluster. Adaptive: the mean from second 5 to 25 after the change. Kept: with the
                plan that served before it. Anew: with a plan that was ordered after it. Ratio: adaptive over the better of both; the
                aim is 0.95.

                | model | machine | change | round | before it | adaptive | kept | anew | ratio | slowest answer, ms |
                |---|---|---|--:|--:|--:|--:|--:|--:|--:|
                """
                + trials.stream().map(DriftPage::rows).collect(Collectors.joining())
                + failures(trials);
    }

    private static String rows(DriftTrial trial) {
        return row(trial, trial.which().change().toString(), trial.slow()) + row(trial, "as before", trial.again());
    }

    private static String row(DriftTrial trial, String change, DriftTrial.Phase phase) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.1f | %.1f | %.1f | %.1f | %.2f | %.0f |%n",
                trial.which().model(),
                trial.which().node(),
                change,
                trial.which().round(),
                trial.before(),
                phase.adaptive(),
                phase.kept(),
                phase.anew(),
                phase.ratio(),
                phase.slowestSeconds() * MILLIS);
    }

    private static String failures(List<DriftTrial> trials) {
        List<String> all =
                trials.stream().flatMap(trial -> trial.failures().stream()).toList();
        return all.isEmpty()
                ? "\nEvery request was answered, and rightly.\n"
                : "\n" + all.size() + " requests failed:\n\n"
                        + all.stream()
                                .distinct()
                                .map(reason -> "* " + reason + "\n")
                                .collect(Collectors.joining());
    }
}
