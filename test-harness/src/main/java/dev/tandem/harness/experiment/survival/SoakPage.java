package dev.tandem.harness.experiment.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what came of long times of random faults as a Markdown page. */
public final class SoakPage {

    private static final double MILLIS = 1e3;

    private SoakPage() {}

    /** Makes the folder if need be and replaces the page. */
    public static void write(Path folder, String name, String command, List<SoakTrial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), page(command, trials));
    }

    static String page(String command, List<SoakTrial> trials) {
        StringBuilder page = new StringBuilder("# Random faults under load\n\n    " + command + "\n\n");
        page.append(
                """
                Requests at fixed intervals, at 0.7 of what three of the five nodes do together; each answer compared with the
                unsplit model's. One thread of faults loses nodes, one at a time, and brings each back; another slows machines and
                links and changes settings meanwhile. Latencies in milliseconds, after the first fault but for the first column.

                | seed | seconds | faults | requests | not answered | wrong | p99 before | p99 | slowest |
                |--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        trials.forEach(trial -> page.append(row(trial)));
        trials.forEach(trial -> page.append(details(trial)));
        return page.toString();
    }

    private static String row(SoakTrial trial) {
        LoadOutcome outcome = trial.outcome();
        return String.format(
                Locale.ROOT,
                "| %d | %.0f | %d | %d | %d | %d | %.0f | %.0f | %.0f |%n",
                trial.which().seed(),
                trial.seconds(),
                trial.done(),
                outcome.requests(),
                outcome.failures().size(),
                outcome.wrong(),
                outcome.p99BeforeSeconds() * MILLIS,
                outcome.p99Seconds() * MILLIS,
                outcome.slowestSeconds() * MILLIS);
    }

    private static String details(SoakTrial trial) {
        String faults = new TreeMap<>(trial.faults())
                .entrySet().stream()
                        .map(kind -> kind.getKey() + " " + kind.getValue())
                        .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                """

                Seed %d: %s. Held before and after, at rest for six minutes at the most, of the process with the gateway and of the member that was slowed only:

                | process | threads | open files | actors | live objects, KiB | anonymous memory, KiB |
                |---|--:|--:|--:|--:|--:|
                """,
                trial.which().seed(),
                faults));
        for (int process = 0; process < trial.before().size(); process++) {
            text.append(row(trial.before().get(process), trial.after().get(process)));
        }
        return text.append(FailureText.each(trial.outcome().failures()))
                .append(FailureText.times(trial.outcome().failureSeconds()))
                .toString();
    }

    private static String row(Holdings before, Holdings after) {
        return String.format(
                Locale.ROOT,
                "| %s | %d, %d | %d, %d | %d, %d | %d, %d | %d, %d |%n",
                before.process(),
                before.threads(),
                after.threads(),
                before.files(),
                after.files(),
                before.actors(),
                after.actors(),
                before.liveKib(),
                after.liveKib(),
                before.anonymousKib(),
                after.anonymousKib());
    }
}
