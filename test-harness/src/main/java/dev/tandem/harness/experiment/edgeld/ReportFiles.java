package dev.tandem.harness.experiment.edgeld;

import dev.tandem.harness.experiment.chart.ChartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Writes what was compared as CSV, as a Markdown page, and a chart of the speed-ups. */
public final class ReportFiles {

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("clusters.csv"), csv(outcome));
        Files.writeString(folder.resolve("edgeld.md"), page(outcome));
        chart(folder.resolve("edgeld.svg"), outcome);
    }

    static String csv(Outcome outcome) {
        List<String> schemes = outcome.comparisons().stream()
                .flatMap(one -> one.switched().keySet().stream())
                .distinct()
                .toList();
        String header =
                "model,rates,mbit_s,followers,bodp_per_layer_s,bodp_s,ocbp_s,tandems_rows_s,tandem_s,optimum_s,optimum_any_s,optimum_relayed_s"
                        + schemes.stream()
                                .map(scheme -> ",switch_" + scheme.replace('-', '_') + "_s")
                                .collect(Collectors.joining());
        return outcome.comparisons().stream()
                .map(one -> line(one, schemes))
                .collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    private static String line(Comparison one, List<String> schemes) {
        Setting setting = one.setting();
        String figures = String.format(
                Locale.ROOT,
                "%.6g,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g",
                one.bodpPerLayer(),
                one.bodp(),
                one.ocbp(),
                one.tandemsRows(),
                one.tandem(),
                one.optimum(),
                one.optimumOfAny(),
                one.optimumRelayed());
        String switched = schemes.stream()
                .map(one.switched()::get)
                .map(seconds -> seconds == null ? "," : String.format(Locale.ROOT, ",%.6g", seconds))
                .collect(Collectors.joining());
        return String.join(
                        ",",
                        setting.model(),
                        setting.rates(),
                        setting.network(),
                        String.valueOf(setting.followers()),
                        figures)
                + switched;
    }

    static String page(Outcome outcome) {
        return "# VGG in EdgeLD's time model\n\n    " + outcome.command() + "\n\n" + star(outcome) + speedups(outcome)
                + switched(outcome) + losses(outcome);
    }

    private static String star(Outcome outcome) {
        return String.format(
                        Locale.ROOT,
                        """
                        ## The papers' cluster

                        Seconds of one inference. Every convolution divided, poolings and dense layers on the leader: fused
                        blocks with Tandem's rows are at most %.4f %% above the proven optimum. Tandem's own plan also divides
                        poolings and leaves convolutions on the leader where that pays: its worst distance to that optimum is
                        %.2f %%, below 0 for quicker, and at most %.4f %% above the optimum of what it may do. Relayed: if the
                        leader could pass rows on to the next block without a call of its own, which no plan does.

                        | model | rates | Mbit/s | followers | BODP per layer | BODP | OCBP | Tandem's rows | Tandem | optimum | of any layers | relayed \
                        | BODP per layer/OCBP | BODP/OCBP | Tandem's rows above the optimum |
                        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
                        """,
                        100 * outcome.worstGapOfRows(),
                        100 * outcome.worstGap(),
                        100 * outcome.worstGapOfAny())
                + outcome.comparisons().stream().map(ReportFiles::starLine).collect(Collectors.joining())
                + "\n";
    }

    private static String starLine(Comparison one) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %.3f | %.3f | %.3f %% |%n",
                one.setting().model(),
                one.setting().rates(),
                one.setting().network(),
                one.setting().followers(),
                one.bodpPerLayer(),
                one.bodp(),
                one.ocbp(),
                one.tandemsRows(),
                one.tandem(),
                one.optimum(),
                one.optimumOfAny(),
                one.optimumRelayed(),
                one.bodpPerLayer() / one.ocbp(),
                one.bodp() / one.ocbp(),
                100 * one.gapOfRows());
    }

    private static String speedups(Outcome outcome) {
        return "## Speed-up over one follower\n\n"
                + "| model | rates | Mbit/s | followers | BODP per layer | BODP | OCBP | Tandem | optimum |\n"
                + "|---|---|---|---|---|---|---|---|---|\n"
                + outcome.speedups().stream().map(ReportFiles::speedupLine).collect(Collectors.joining())
                + "\n";
    }

    private static String speedupLine(Outcome.Speedup speedup) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                speedup.setting().model(),
                speedup.setting().rates(),
                speedup.setting().network(),
                speedup.setting().followers(),
                speedup.bodpPerLayer(),
                speedup.bodp(),
                speedup.ocbp(),
                speedup.tandem(),
                speedup.optimum());
    }

    private static String switched(Outcome outcome) {
        return "## All machines on a switch\n\n"
                + "Seconds of one inference where every machine reaches every other, a network card carries one piece each"
                + " way at a time, and the leader computes a part: Tandem's plan and the best of all schemes.\n\n"
                + "| model | rates | Mbit/s | followers | Tandem | best scheme | its seconds | MoDNN | BODP | EdgeDI |\n"
                + "|---|---|---|---|---|---|---|---|---|---|\n"
                + outcome.comparisons().stream().map(ReportFiles::switchedLine).collect(Collectors.joining())
                + "\n";
    }

    private static String switchedLine(Comparison one) {
        Map<String, Double> others = new LinkedHashMap<>(one.switched());
        double tandem = others.getOrDefault(Comparison.TANDEM, Double.NaN);
        others.remove(Comparison.TANDEM);
        Map.Entry<String, Double> best =
                others.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.4f | %s | %.4f | %.4f | %.4f | %.4f |%n",
                one.setting().model(),
                one.setting().rates(),
                one.setting().network(),
                one.setting().followers(),
                tandem,
                best.getKey(),
                best.getValue(),
                others.getOrDefault("modnn", Double.NaN),
                others.getOrDefault("bodp", Double.NaN),
                others.getOrDefault("edgedi", Double.NaN));
    }

    private static String losses(Outcome outcome) {
        return "## Where anything is quicker than Tandem\n\n"
                + (outcome.losses().isEmpty() ? "Nowhere.\n" : "* " + String.join("\n* ", outcome.losses()) + "\n");
    }

    private static void chart(Path file, Outcome outcome) throws IOException {
        int most = outcome.comparisons().stream()
                .mapToInt(one -> one.setting().followers())
                .max()
                .orElseThrow();
        List<Comparison> largest = outcome.comparisons().stream()
                .filter(one -> one.setting().followers() == most
                        && one.setting()
                                .model()
                                .equals(outcome.comparisons().get(0).setting().model()))
                .toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put("BODP per layer", over(largest, Comparison::bodpPerLayer));
        series.put("BODP", over(largest, Comparison::bodp));
        series.put("OCBP", over(largest, Comparison::ocbp));
        series.put("Tandem's rows", over(largest, Comparison::tandemsRows));
        series.put("Tandem", over(largest, Comparison::tandem));
        ChartFile.writeBars(
                file,
                new ChartFile.Titles(
                        largest.get(0).setting().model() + " on " + most + " followers in EdgeLD's model",
                        "Mbit/s (rates)",
                        "time over the proven optimum's"),
                largest.stream()
                        .map(one ->
                                one.setting().network() + " (" + one.setting().rates() + ")")
                        .toList(),
                series);
    }

    private static List<Double> over(List<Comparison> comparisons, ToDoubleFunction<Comparison> seconds) {
        return comparisons.stream()
                .map(one -> seconds.applyAsDouble(one) / one.optimum())
                .toList();
    }
}
