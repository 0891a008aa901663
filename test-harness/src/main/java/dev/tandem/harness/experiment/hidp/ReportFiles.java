package dev.tandem.harness.experiment.hidp;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.chart.ChartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the rows as CSV, what they sum up to as a Markdown page, and a chart. */
public final class ReportFiles {

    private static final List<String> ALL =
            Stream.concat(Boards.TECHNIQUES.stream(), Stream.of(Boards.TANDEM)).toList();

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("rows.csv"), csv(outcome));
        Files.writeString(folder.resolve("hidp.md"), page(outcome));
        chart(folder.resolve("hidp.svg"), outcome);
    }

    static String csv(Outcome outcome) {
        return outcome.rows().stream()
                .flatMap(row -> Boards.OBJECTIVES.stream()
                        .map(objective -> row.model() + "," + row.leader() + "," + objective + ","
                                + ALL.stream()
                                        .map(technique ->
                                                String.format(Locale.ROOT, "%.6g", row.figure(objective, technique)))
                                        .collect(Collectors.joining(","))))
                .collect(Collectors.joining("\n", "model,leader,objective," + String.join(",", ALL) + "\n", "\n"));
    }

    static String page(Outcome outcome) {
        return "# HiDP's comparison, predicted\n\n    " + outcome.command() + "\n\n" + figures(outcome)
                + beside(outcome) + ofMeans(outcome) + losses(outcome);
    }

    private static String figures(Outcome outcome) {
        return "Means over the boards that requests may arrive at, each technique planned for the figure: ms and mJ of one"
                + " request alone (all boards' idle power included), requests per second.\n\n| model | |"
                + cells(ALL) + "|---".repeat(ALL.size() + 2) + "|\n"
                + outcome.rows().stream()
                        .map(Row::model)
                        .distinct()
                        .flatMap(model -> Boards.OBJECTIVES.stream().map(objective -> line(outcome, model, objective)))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String line(Outcome outcome, String model, Objective objective) {
        List<Row> rows =
                outcome.rows().stream().filter(row -> row.model().equals(model)).toList();
        double unit = objective == Objective.THROUGHPUT ? 1 : 1e3;
        return "| " + model + " | " + objective + " |"
                + cells(ALL.stream()
                        .map(technique -> digits(unit
                                * rows.stream()
                                        .mapToDouble(row -> row.figure(objective, technique))
                                        .average()
                                        .orElseThrow()))
                        .toList());
    }

    private static String beside(Outcome outcome) {
        return "Tandem's over the other's (throughput: the other's over Tandem's), geometric means over "
                + outcome.rows().size() + " rows, in brackets the rows in which both are equal:\n\n"
                + "| technique | latency | throughput | energy |\n|---|---|---|---|\n"
                + outcome.beside().stream()
                        .map(beside -> String.format(
                                Locale.ROOT,
                                "| %s | %s (%d) | %s (%d) | %s (%d) |%n",
                                beside.technique(),
                                digits(beside.latency()),
                                beside.latencyTies(),
                                digits(beside.throughput()),
                                beside.throughputTies(),
                                digits(beside.energy()),
                                beside.energyTies()))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String ofMeans(Outcome outcome) {
        return "The same against the mean of several in each row:\n\n| mean of | latency | throughput | energy |\n"
                + "|---|---|---|---|\n"
                + outcome.ofMeans().stream()
                        .map(mean -> "| " + String.join(", ", mean.techniques()) + " |"
                                + cells(List.of(
                                        digits(mean.latency()), digits(mean.throughput()), digits(mean.energy()))))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String losses(Outcome outcome) {
        return "## Rows that Tandem loses\n\n"
                + (outcome.losses().isEmpty() ? "None.\n" : "* " + String.join("\n* ", outcome.losses()) + "\n");
    }

    private static String cells(List<String> texts) {
        return texts.stream().map(text -> " " + text + " |").collect(Collectors.joining("", "", "\n"));
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private static void chart(Path file, Outcome outcome) throws IOException {
        List<String> models = outcome.rows().stream().map(Row::model).distinct().toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (String technique : List.of("single-node", "omniboost", "hidp")) {
            series.put(
                    technique,
                    models.stream()
                            .map(model -> outcome.rows().stream()
                                    .filter(row -> row.model().equals(model))
                                    .mapToDouble(row -> 1 / row.ofIts(Objective.THROUGHPUT, technique))
                                    .average()
                                    .orElseThrow())
                            .toList());
        }
        ChartFile.writeBars(
                file,
                new ChartFile.Titles("Throughput of Tandem over the technique's", "", "mean over the boards"),
                models,
                series);
    }
}
