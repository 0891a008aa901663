package dev.tandem.harness.experiment.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what came of all trials as a Markdown page and a picture. */
public final class SurvivalPage {

    private static final double MILLIS = 1e3;

    private SurvivalPage() {}

    /** Makes the folder if need be and replaces both. */
    public static void write(Path folder, String name, String command, List<SurvivalTrial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), page(command, trials));
        if (trials.stream().anyMatch(trial -> trial.which().cover() != Cover.NONE)) {
            SurvivalChart.write(folder.resolve(name + ".svg"), trials);
        }
    }

    static String page(String command, List<SurvivalTrial> trials) {
        StringBuilder page = new StringBuilder("# Nodes lost under load\n\n    " + command + "\n\n");
        page.append(
                """
                Requests at fixed intervals, at 0.7 of what the other nodes can do together, and of what all do as a pipeline if that is
                less; each answer compared with the unsplit model's. Recovery is the longest time, from the fault, or from when it was
                meant to leave if that is later, that any request had to wait. The aim is 1 s for a process that dies, 3 s for one that
                falls silent, and 50 ms more than the p99 before for one that is asked to leave. Divided as lanes, others serve on; as a
                pipeline, all nodes are needed, and another plan for each loss is there; with standby, one that is open, and the aim is
                0.3 s for a process that dies. With none the plan stays as it is, for comparison. The gateway that is lost is one of two
                of which an application knows.

                | divided | lost by | which | trials | requests | not answered | wrong | recovery, ms: least | median | nine of ten | most | aim | in time |
                |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        SurvivalGroup.of(trials).forEach(group -> page.append(row(group)));
        page.append(
                """

                By node; beside it the median of when recovery was over, from the fault, what requests waited for without any fault,
                and, where the trial was long enough, when all was to be well again.

                | divided | lost by | node | trials | requests | not answered | wrong | recovery, ms: median | most | over after | aim | p99 before | slowest before | p99 after |
                |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        groups(trials).forEach((where, of) -> page.append(row(where, of)));
        page.append('\n')
                .append(summary(trials))
                .append(FailureText.each(trials.stream()
                        .flatMap(trial -> trial.failures().stream())
                        .toList()));
        return page.toString();
    }

    private static Map<List<String>, List<SurvivalTrial>> groups(List<SurvivalTrial> trials) {
        return trials.stream()
                .collect(Collectors.groupingBy(
                        trial -> List.of(
                                trial.which().cover().toString(),
                                trial.which().breakage().toString(),
                                label(trial)),
                        () -> new TreeMap<>((a, b) -> String.join(" ", a).compareTo(String.join(" ", b))),
                        Collectors.toList()));
    }

    private static String label(SurvivalTrial trial) {
        return trial.which().node()
                + (trial.hadSupervisor() ? " with the supervisor" : "")
                + (trial.wasUsed() ? "" : " (not used)");
    }

    private static String row(SurvivalGroup group) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %s |%n",
                group.cover(),
                group.breakage(),
                group.lost(),
                group.trials().size(),
                group.requests(),
                group.failures(),
                group.wrong(),
                group.recoverySeconds(0) * MILLIS,
                group.recoverySeconds(0.5) * MILLIS,
                group.recoverySeconds(0.9) * MILLIS,
                group.recoverySeconds(1) * MILLIS,
                group.aimSeconds() * MILLIS,
                group.cover() == Cover.NONE ? "" : group.inTime());
    }

    private static String row(List<String> where, List<SurvivalTrial> trials) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %s |%n",
                where.get(0),
                where.get(1),
                where.get(2),
                trials.size(),
                trials.stream().mapToInt(SurvivalTrial::requests).sum(),
                trials.stream().mapToInt(trial -> trial.failures().size()).sum(),
                trials.stream().mapToInt(SurvivalTrial::wrong).sum(),
                median(trials.stream().map(SurvivalTrial::recoverySeconds).toList()) * MILLIS,
                most(trials) * MILLIS,
                median(trials.stream().map(SurvivalTrial::recoveredSeconds).toList()) * MILLIS,
                median(trials.stream().map(SurvivalTrial::aimSeconds).toList()) * MILLIS,
                median(trials.stream().map(SurvivalTrial::p99BeforeSeconds).toList()) * MILLIS,
                median(trials.stream().map(SurvivalTrial::slowestBeforeSeconds).toList()) * MILLIS,
                orNone(median(
                        trials.stream().map(SurvivalTrial::p99AfterSeconds).toList())));
    }

    /** Nothing was asked so late where the trial ended before. */
    private static String orNone(double seconds) {
        return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.0f", seconds * MILLIS);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    private static double most(List<SurvivalTrial> trials) {
        return trials.stream().mapToDouble(SurvivalTrial::recoverySeconds).max().orElse(0);
    }

    private static String summary(List<SurvivalTrial> trials) {
        long passed = trials.stream().filter(SurvivalTrial::pass).count();
        long kept = trials.stream().filter(SurvivalTrial::keepsAll).count();
        return passed + " of " + trials.size() + " trials pass; in " + kept
                + " every request was answered, and rightly.\n";
    }
}
