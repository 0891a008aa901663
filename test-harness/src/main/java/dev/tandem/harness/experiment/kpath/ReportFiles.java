package dev.tandem.harness.experiment.kpath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes the trials as CSV, what they sum up to as a Markdown page, and a chart. */
public final class ReportFiles {

    private static final List<Technique> MATCHED = List.of(Technique.K_PATH, Technique.GREEDY, Technique.RANDOM);

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome, List<Trial> trials) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("trials.csv"), csv(trials));
        Files.writeString(folder.resolve("parthasarathy.md"), page(outcome));
        GapChart.write(folder.resolve("parthasarathy.svg"), outcome);
    }

    static String csv(List<Trial> trials) {
        String header = "model,capacity_mb,nodes,trial,pieces,tandem_s,bound_s,"
                + Arrays.stream(Technique.values())
                        .map(technique -> technique.label().replace(' ', '_').replace('-', '_') + "_s")
                        .collect(Collectors.joining(","));
        return trials.stream()
                .filter(Trial::hasTransfers)
                .map(ReportFiles::line)
                .collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    private static String line(Trial trial) {
        String figures = Arrays.stream(Technique.values())
                .map(trial::of)
                .map(ReportFiles::figure)
                .collect(Collectors.joining(","));
        return String.join(
                ",",
                trial.model(),
                String.valueOf(trial.megabytes()),
                String.valueOf(trial.nodes()),
                String.valueOf(trial.number()),
                String.valueOf(trial.pieces()),
                figure(OptionalDouble.of(trial.tandemSeconds())),
                figure(OptionalDouble.of(trial.boundSeconds())),
                figures);
    }

    private static String figure(OptionalDouble seconds) {
        return seconds.isEmpty() ? "" : String.format(Locale.ROOT, "%.6g", seconds.getAsDouble());
    }

    static String page(Outcome outcome) {
        return "# Partition and placement on random clusters\n\n    " + outcome.command() + "\n\n" + sizes(outcome)
                + cells(outcome) + theirs(outcome) + losses(outcome) + refusals(outcome);
    }

    private static String sizes(Outcome outcome) {
        StringBuilder text = new StringBuilder("## Matched trials\n\n"
                + "Trials in which every technique has a placement with something to transfer; mean bottleneck in"
                + " seconds. In brackets over Tandem: ratio of the means; geometric mean of the ratios.\n\n"
                + "| nodes | trials | bound | Tandem | above the bound | worst | proven optimal | k-path | greedy |"
                + " random |\n|---|---|---|---|---|---|---|---|---|---|\n");
        for (Outcome.Size size : outcome.sizes()) {
            Comparison figures = size.figures();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.4f | %.4f | %.2f %% | %.2f %% | %d | %s |%n",
                    size.nodes() == 0 ? "all" : String.valueOf(size.nodes()),
                    figures.trials(),
                    figures.boundSeconds(),
                    figures.tandemSeconds(),
                    100 * figures.gap(),
                    100 * figures.worstGap(),
                    figures.optimal(),
                    MATCHED.stream()
                            .map(technique -> String.format(
                                    Locale.ROOT,
                                    "%.4f (%.3f; %.3f)",
                                    figures.seconds(technique),
                                    figures.ratioOfMeans(technique),
                                    figures.ratio(technique)))
                            .collect(Collectors.joining(" | "))));
        }
        return text.append('\n').toString();
    }

    private static String cells(Outcome outcome) {
        StringBuilder text = new StringBuilder(
                """
                ## By model and capacity

                | model | MB | nodes | trials | bound | Tandem | k-path | greedy | random |
                |---|---|---|---|---|---|---|---|---|
                """);
        for (Outcome.Cell cell : outcome.cells()) {
            Comparison figures = cell.figures();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %.4f | %.4f | %.4f | %.4f | %.4f |%n",
                    cell.model(),
                    cell.megabytes(),
                    cell.nodes(),
                    figures.trials(),
                    figures.boundSeconds(),
                    figures.tandemSeconds(),
                    figures.seconds(Technique.K_PATH),
                    figures.seconds(Technique.GREEDY),
                    figures.seconds(Technique.RANDOM)));
        }
        return text.append('\n').toString();
    }

    private static String theirs(Outcome outcome) {
        StringBuilder text = new StringBuilder("## As the paper scores\n\n"
                + "Techniques as coded, zeros kept: a placement that k-path matching does not find counts 0 s, and its"
                + " mean has three cells more than the others', 0 s each.\n\n"
                + "| nodes | k-path | greedy | random | greedy over k-path | random over k-path | not found |\n"
                + "|---|---|---|---|---|---|---|\n");
        for (TheirScoring theirs : outcome.theirs()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %.3f | %.3f | %.3f | %.2f | %.2f | %d |%n",
                    theirs.nodes(),
                    theirs.kPathSeconds(),
                    theirs.greedySeconds(),
                    theirs.randomSeconds(),
                    theirs.greedySeconds() / theirs.kPathSeconds(),
                    theirs.randomSeconds() / theirs.kPathSeconds(),
                    theirs.failures()));
        }
        return text.append('\n').toString();
    }

    private static String losses(Outcome outcome) {
        StringBuilder text = new StringBuilder("## Trials that Tandem loses\n\n");
        if (outcome.losses().isEmpty()) {
            return text.append("None.\n\n").toString();
        }
        text.append(
                """
                | model | MB | nodes | trial | to | its seconds | Tandem's | its pieces fit |
                |---|---|---|---|---|---|---|---|
                """);
        for (Loss loss : outcome.losses()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %s | %.4f | %.4f | %s |%n",
                    loss.model(),
                    loss.megabytes(),
                    loss.nodes(),
                    loss.number(),
                    loss.technique().label(),
                    loss.seconds(),
                    loss.tandemSeconds(),
                    loss.isOverfull() ? "no" : "yes"));
        }
        return text.append('\n').toString();
    }

    private static String refusals(Outcome outcome) {
        return outcome.refusals().isEmpty() ? "" : "## Refused\n\n* " + String.join("\n* ", outcome.refusals()) + "\n";
    }
}
