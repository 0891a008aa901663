package dev.tandem.harness.experiment.scale;

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
import java.util.stream.DoubleStream;

/** Writes the plans as CSV, what they sum up to as a Markdown page, and a chart. */
public final class ReportFiles {

    private ReportFiles() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("plans.csv"), csv(outcome));
        Files.writeString(folder.resolve("scale.md"), page(outcome));
        chart(folder.resolve("scale.svg"), outcome);
    }

    static String csv(Outcome outcome) {
        return outcome.plans().stream()
                .map(plan -> String.format(
                        Locale.ROOT,
                        "%d,%d,%s,%s,%d,%d,%.6g,%.6g,%.6g,%.6g%n",
                        plan.nodes(),
                        plan.number(),
                        plan.objective(),
                        plan.scheme(),
                        plan.lanes(),
                        plan.usedNodes(),
                        plan.processorSeconds(),
                        plan.value(),
                        plan.lowerBound(),
                        plan.gap()))
                .collect(Collectors.joining(
                        "", "nodes,cluster,objective,scheme,lanes,used_nodes,processor_s,value_s,bound_s,gap\n", ""));
    }

    static String page(Outcome outcome) {
        return "# Planning for growing clusters\n\n    " + outcome.command() + "\n\n" + outcome.model() + ", "
                + outcome.cuts()
                + " cuts. Medians over the clusters of a size, in brackets least and most; processor time of"
                + " one thread.\n\n"
                + "| nodes | clusters | objective | planning, s | gap to the lower bound, % | nodes used |\n"
                + "|---|---|---|---|---|---|\n"
                + sizes(outcome).stream()
                        .flatMap(size ->
                                objectives(outcome).stream().map(objective -> line(of(outcome, size, objective))))
                        .collect(Collectors.joining());
    }

    private static String line(List<Trial> plans) {
        return String.format(
                Locale.ROOT,
                "| %d | %d | %s | %s | %s | %s |%n",
                plans.get(0).nodes(),
                plans.size(),
                plans.get(0).objective(),
                spread("%.3f", plans, Trial::processorSeconds),
                spread("%.1f", plans, plan -> plan.gap() * 100),
                spread("%.0f", plans, Trial::usedNodes));
    }

    private static String spread(String format, List<Trial> plans, ToDoubleFunction<Trial> figure) {
        double[] sorted = plans.stream().mapToDouble(figure).sorted().toArray();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                median(sorted),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : DoubleStream.of(sorted[middle - 1], sorted[middle]).average().orElse(0);
    }

    private static List<Integer> sizes(Outcome outcome) {
        return outcome.plans().stream().map(Trial::nodes).distinct().toList();
    }

    private static List<String> objectives(Outcome outcome) {
        return outcome.plans().stream().map(Trial::objective).distinct().toList();
    }

    private static List<Trial> of(Outcome outcome, int size, String objective) {
        return outcome.plans().stream()
                .filter(plan -> plan.nodes() == size && plan.objective().equals(objective))
                .toList();
    }

    private static void chart(Path file, Outcome outcome) throws IOException {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (String objective : objectives(outcome)) {
            series.put(
                    objective,
                    sizes(outcome).stream()
                            .map(size -> median(of(outcome, size, objective).stream()
                                    .mapToDouble(Trial::processorSeconds)
                                    .sorted()
                                    .toArray()))
                            .toList());
        }
        ChartFile.writeBars(
                file,
                new ChartFile.Titles("Planning for growing clusters", "nodes", "processor seconds, median"),
                sizes(outcome).stream().map(String::valueOf).toList(),
                series);
    }
}
