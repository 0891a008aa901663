package dev.tandem.harness.experiment.share;

import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.harness.experiment.chart.ChartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the requests as CSV, what they sum up to as a Markdown page, and a chart. */
public final class ReportFiles {

    private static final List<Measure> REQUIRED = List.of(
            Measure.RATE_AT_REQUIRED_ACCURACY, Measure.CORRECT_AT_REQUIRED_RATE, Measure.ACCURACY_WHERE_ALL_KEEP_RATE);
    private static final List<Measure> ANSWERS = List.of(
            Measure.RATE_AT_EQUAL_ACCURACY, Measure.ACCURACY_AT_EQUAL_RATE, Measure.RAW_RATE, Measure.RAW_ACCURACY);

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("requests.csv"), csv(outcome.trials()));
        Files.writeString(folder.resolve("accuracy-share.md"), page(outcome));
        chart(folder.resolve("accuracy-share.svg"), outcome.settings().get(0));
    }

    static String csv(List<Trial> trials) {
        String header = "setting,request,images,required_per_s,required_accuracy,of_bound,bound_per_s,bound_correct,"
                + Arrays.stream(ShareStrategy.values())
                        .map(strategy -> strategy.name().toLowerCase(Locale.ROOT))
                        .map(name -> String.join(
                                ",",
                                name + "_met",
                                name + "_per_s",
                                name + "_accuracy",
                                name + "_per_s_at_accuracy",
                                name + "_accuracy_at_rate",
                                name + "_correct"))
                        .collect(Collectors.joining(","));
        return trials.stream().map(ReportFiles::line).collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    private static String line(Trial trial) {
        String answers = Arrays.stream(ShareStrategy.values())
                .map(trial::of)
                .map(ReportFiles::answer)
                .collect(Collectors.joining(","));
        return String.format(
                Locale.ROOT,
                "\"%s\",%d,%d,%.6g,%.3f,%.4f,%.6g,%.4f,%s",
                trial.setting().label(),
                trial.number(),
                trial.images(),
                trial.request().imagesPerSecond(),
                trial.request().accuracy(),
                trial.ofBound(),
                trial.rateBound(),
                trial.correctBound(),
                answers);
    }

    private static String answer(Answer answer) {
        return String.format(
                Locale.ROOT,
                "%s,%.6g,%.4f,%s,%s,%.4f",
                answer.met() ? "yes" : "no",
                answer.imagesPerSecond(),
                answer.accuracy(),
                figure("%.6g", answer.rateAtAccuracy()),
                figure("%.4f", answer.accuracyAtRate()),
                answer.correctInTime());
    }

    private static String figure(String format, OptionalDouble value) {
        return value.isEmpty() ? "" : String.format(Locale.ROOT, format, value.getAsDouble());
    }

    static String page(Outcome outcome) {
        return "# Accuracy levels and shares\n\n    " + outcome.command() + "\n\n" + outcome.requests()
                + " requests in each setting. What the columns mean is said in [the results](../README.md).\n\n"
                + outcome.settings().stream().map(ReportFiles::setting).collect(Collectors.joining())
                + "## Requests that Tandem loses\n\n"
                + (outcome.losses().isEmpty() ? "None.\n" : "* " + String.join("\n* ", outcome.losses()) + "\n");
    }

    private static String setting(Outcome.InSetting setting) {
        return "## " + setting.setting().label() + "\n\n" + met(setting)
                + table("All requests, at what is required", REQUIRED, setting.all())
                + table("Requests that can be met, at what is required", REQUIRED, setting.canBeMet())
                + table("All requests, beside the answers", ANSWERS, setting.all());
    }

    private static String met(Outcome.InSetting setting) {
        return "Requests of which both requirements are met, per cent, by the required rate as a share of the most at the"
                + " required accuracy; means of the answers as they are. "
                + String.format(Locale.ROOT, "At most %.1f %% can be met, by the bound.%n%n", setting.canMeetPercent())
                + "| strategy | all | " + String.join(" | ", bands()) + " | images/s | accuracy |\n|---|---|"
                + "---|".repeat(Outcome.BANDS + 2)
                + "\n"
                + setting.met().stream().map(ReportFiles::metLine).collect(Collectors.joining())
                + "\n";
    }

    private static String metLine(Outcome.Met met) {
        String byBand = met.byBand().stream()
                .map(percent -> String.format(Locale.ROOT, "%.0f", percent))
                .collect(Collectors.joining(" | "));
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %s | %.1f | %.4f |%n",
                met.strategy(),
                met.percent(),
                byBand,
                met.meanRate(),
                met.meanAccuracy());
    }

    private static List<String> bands() {
        return IntStream.range(0, Outcome.BANDS)
                .mapToObj(band ->
                        String.format(Locale.ROOT, "%.1f to %.1f", band * Outcome.BAND, (band + 1) * Outcome.BAND))
                .toList();
    }

    private static String table(String title, List<Measure> measures, List<Outcome.Beside> lines) {
        return title + ": Tandem beside each; mean, in brackets the quartiles, and of how many requests.\n\n| beside | "
                + measures.stream().map(Measure::label).collect(Collectors.joining(" | "))
                + " |\n|---|" + "---|".repeat(measures.size()) + "\n"
                + lines.stream().map(line -> tableLine(line, measures)).collect(Collectors.joining())
                + "\n";
    }

    private static String tableLine(Outcome.Beside line, List<Measure> measures) {
        return "| " + line.other() + " | "
                + measures.stream()
                        .map(measure -> line.of(measure).map(ReportFiles::cell).orElse(""))
                        .collect(Collectors.joining(" | "))
                + " |\n";
    }

    private static String cell(Outcome.Figures figures) {
        return String.format(
                Locale.ROOT,
                "%.3f (%.3f %.3f %.3f), %d",
                figures.mean(),
                figures.quartiles().low(),
                figures.quartiles().median(),
                figures.quartiles().high(),
                figures.requests());
    }

    private static void chart(Path file, Outcome.InSetting setting) throws IOException {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        setting.met().forEach(met -> series.put(met.strategy(), met.byBand()));
        ChartFile.writeBars(
                file,
                new ChartFile.Titles(
                        "Requests met, " + setting.setting().label(),
                        "required rate over the most at the required accuracy",
                        "both requirements met, %"),
                bands(),
                series);
    }
}
