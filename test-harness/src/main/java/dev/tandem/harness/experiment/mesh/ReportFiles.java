package dev.tandem.harness.experiment.mesh;

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

/** Writes the meshes as CSV, what they sum up to as a Markdown page, and a chart. */
public final class ReportFiles {

    private static final List<String> TECHNIQUES =
            Stream.concat(Stream.of(Trial.TANDEM), Meshes.COMPARED.stream()).toList();

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("meshes.csv"), csv(outcome));
        Files.writeString(folder.resolve("disnet.md"), page(outcome));
        chart(folder.resolve("disnet.svg"), outcome);
    }

    static String csv(Outcome outcome) {
        String header = "nodes,mesh,"
                + TECHNIQUES.stream()
                        .map(technique -> technique.replace('-', '_'))
                        .map(technique -> technique + "_s," + technique + "_per_s")
                        .collect(Collectors.joining(","));
        return outcome.meshes().stream().map(ReportFiles::line).collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    private static String line(Trial trial) {
        return trial.nodes() + "," + trial.number() + ","
                + TECHNIQUES.stream()
                        .map(technique -> String.format(
                                Locale.ROOT,
                                "%.6g,%.6g",
                                trial.latencySeconds().get(technique),
                                trial.throughputPerSecond().get(technique)))
                        .collect(Collectors.joining(","));
    }

    static String page(Outcome outcome) {
        return "# DisNet's meshes\n\n    " + outcome.command() + "\n\n" + sizes(outcome) + losses(outcome);
    }

    private static String sizes(Outcome outcome) {
        return "Medians over the meshes, in brackets the quartiles: a technique's latency over Tandem's, Tandem's throughput"
                + " over the technique's, and the technique's latency over DisNet's.\n\n"
                + "| nodes | meshes | technique | latency over Tandem's | Tandem's throughput over its | latency over"
                + " DisNet's |\n|---|---|---|---|---|---|\n"
                + outcome.sizes().stream()
                        .flatMap(size -> size.ratios().stream().map(ratios -> line(size, ratios)))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String line(Outcome.Size size, Outcome.Ratios ratios) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %s |%n",
                size.nodes() == 0 ? "all" : String.valueOf(size.nodes()),
                size.trials(),
                ratios.technique(),
                ratios.latency(),
                ratios.throughput(),
                ratios.ofDisNet());
    }

    private static String losses(Outcome outcome) {
        return "## Meshes that Tandem loses\n\n"
                + (outcome.losses().isEmpty() ? "None.\n" : "* " + String.join("\n* ", outcome.losses()) + "\n");
    }

    private static void chart(Path file, Outcome outcome) throws IOException {
        List<Outcome.Size> sizes =
                outcome.sizes().stream().filter(size -> size.nodes() > 0).toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (int technique = 0; technique < Meshes.COMPARED.size(); technique++) {
            int index = technique;
            series.put(
                    Meshes.COMPARED.get(index),
                    sizes.stream()
                            .map(size -> size.ratios().get(index).latency().median())
                            .toList());
        }
        ChartFile.writeBars(
                file,
                new ChartFile.Titles("Latency on random meshes", "nodes", "median over Tandem's"),
                sizes.stream().map(size -> String.valueOf(size.nodes())).toList(),
                series);
    }
}
