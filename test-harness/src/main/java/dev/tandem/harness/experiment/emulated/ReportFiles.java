package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.emulated.Comparison.Beside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes what the measurements of an experiment come to: all of them as CSV, a page in Markdown, and charts. */
public final class ReportFiles {

    private ReportFiles() {}

    /**
     * Makes the folder if need be and replaces what is in it by the same names: NAME.csv, NAME.md, NAME.svg with what is over
     * all, and NAME-latency.svg and NAME-throughput.svg by bed and model, where Tandem and others were measured for that.
     *
     * @param name of the files, without ending
     * @param command what repeats it
     * @param runs the log, which need not be complete; empty gives a page that says so
     * @param refusals the planners without a plan
     */
    public static void write(
            Path out, String name, String title, String command, List<Run> runs, List<Refusal> refusals)
            throws IOException {
        Files.createDirectories(out);
        Comparison comparison = Comparison.of(runs);
        Files.writeString(out.resolve(name + ".csv"), RunTable.csv(runs));
        Files.writeString(out.resolve(name + ".md"), page(title, command, runs, refusals, comparison));
        charts(out, name, title, comparison);
    }

    static String page(String title, String command, List<Run> runs, List<Refusal> refusals, Comparison comparison) {
        String head = "# " + title + "\n\n    " + command + "\n\n";
        if (runs.isEmpty()) {
            return head + "Nothing has been measured yet.\n";
        }
        ComparisonText beside = new ComparisonText(comparison);
        FigureText figures = new FigureText(runs);
        PredictionText predictions = new PredictionText(MeasuredPlan.of(runs));
        PlanText plans = new PlanText(runs);
        boolean isCompared = !comparison.overall().isEmpty();
        return (head
                                + summary(runs)
                                + refused(refusals)
                                + (isCompared ? beside.speed() + beside.notAhead() : "")
                                + figures.figures()
                                + figures.ideal()
                                + (isCompared ? beside.energy() : "")
                                + predictions.errors()
                                + predictions.ranking()
                                + plans.busy()
                                + plans.plans())
                        .stripTrailing()
                + "\n";
    }

    private static String summary(List<Run> runs) {
        return runs.size() + " measurements, one of a plan each.\n\n* Beds: "
                + distinct(runs, Run.Cell::bed) + "\n* Models (xN: N images per request): "
                + distinct(runs, Run.Cell::model) + "\n* Planners: " + distinct(runs, Run.Cell::planner)
                + "\n* Rounds: "
                + runs.stream().mapToInt(run -> run.which().round()).max().orElseThrow()
                + ". In each, every plan is measured once, in another order; planners with the same plan share its"
                + " measurement.\n\n";
    }

    private static String refused(List<Refusal> refusals) {
        return refusals.isEmpty()
                ? ""
                : refusals.stream()
                        .map(refusal -> "* " + refusal.text() + "\n")
                        .collect(Collectors.joining("", "Planners without a plan:\n\n", "\n"));
    }

    private static String distinct(List<Run> runs, Function<Run.Cell, String> name) {
        return runs.stream().map(Run::which).map(name).distinct().collect(Collectors.joining(", "));
    }

    private static void charts(Path out, String name, String title, Comparison comparison) throws IOException {
        List<Beside> overall = comparison.overall(Quantity.SPEED);
        List<Beside> bySetting = comparison.bySetting(Quantity.SPEED);
        if (!overall.isEmpty()) {
            RatioChart.write(
                    out.resolve(name + ".svg"),
                    title + ": Tandem over each planner, over all",
                    overall.stream()
                            .map(beside -> new RatioChart.Dot(
                                    beside.planner(), beside.aim().toString(), beside.ratio()))
                            .toList());
        }
        for (Objective aim : overall.stream().map(Beside::aim).distinct().toList()) {
            RatioChart.write(
                    out.resolve(name + "-" + aim + ".svg"),
                    title + ": " + aim + ", Tandem over each planner",
                    dots(bySetting, aim));
        }
    }

    private static List<RatioChart.Dot> dots(List<Beside> bySetting, Objective aim) {
        long beds = bySetting.stream()
                .flatMap(beside -> beside.where().stream())
                .map(Setting::bed)
                .distinct()
                .count();
        return bySetting.stream()
                .filter(beside -> beside.aim() == aim)
                .map(beside ->
                        new RatioChart.Dot(label(beside.where().orElseThrow(), beds), beside.planner(), beside.ratio()))
                .toList();
    }

    private static String label(Setting where, long beds) {
        return beds == 1 ? where.model() : where.bed() + " " + where.model();
    }
}
