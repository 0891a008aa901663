package dev.tandem.harness.experiment.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes what came of all upheavals as a Markdown page. */
public final class UpheavalPage {

    private static final double MILLIS = 1e3;

    private UpheavalPage() {}

    /** Makes the folder if need be and replaces the page. */
    public static void write(Path folder, String name, String command, List<UpheavalTrial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), page(command, trials));
    }

    static String page(String command, List<UpheavalTrial> trials) {
        StringBuilder page = new StringBuilder("# Upheavals under load\n\n    " + command + "\n\n");
        page.append(
                """
                Requests at fixed intervals, at 0.7 of what three of the five nodes do together; each answer compared with the
                unsplit model's. Latencies in milliseconds, after the first fault but for the first column; the last column has the
                seconds from when a node that joined was up and measured to the first request dealt by a plan with it.

                | what happens | round | seconds | requests | not answered | wrong | p99 before | p99 | slowest | joined after, s |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        trials.forEach(trial -> page.append(row(trial)));
        page.append('\n')
                .append(FailureText.each(trials.stream()
                        .flatMap(trial -> trial.outcome().failures().stream())
                        .toList()));
        return page.toString();
    }

    private static String row(UpheavalTrial trial) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.0f | %d | %d | %d | %.0f | %.0f | %.0f | %s |%n",
                trial.which().upheaval(),
                trial.which().round(),
                trial.seconds(),
                trial.outcome().requests(),
                trial.outcome().failures().size(),
                trial.outcome().wrong(),
                trial.outcome().p99BeforeSeconds() * MILLIS,
                trial.outcome().p99Seconds() * MILLIS,
                trial.outcome().slowestSeconds() * MILLIS,
                trial.joinedSeconds().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.1f", trial.joinedSeconds().getAsDouble())
                        : "");
    }
}
