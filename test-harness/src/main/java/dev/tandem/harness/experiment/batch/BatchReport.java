package dev.tandem.harness.experiment.batch;

import dev.tandem.core.variant.Shares;
import dev.tandem.harness.experiment.chart.ChartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the batches as CSV, what they come to as a Markdown page, and charts of rates and accuracies. */
public final class BatchReport {

    private static final String NAME = "emulated-accuracy";
    private static final double PERCENT = 100;

    private BatchReport() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, BatchOutcome outcome, List<BatchTrial> trials, List<VariantRate> rates)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(NAME + ".csv"), csv(trials));
        Files.writeString(folder.resolve(NAME + ".md"), page(outcome, rates));
        chart(
                folder.resolve(NAME + "-rate.svg"),
                new ChartFile.Titles("Rates of batches", "demand", "measured over required, %"),
                outcome,
                answer -> PERCENT * answer.rate() / answer.requiredRate());
        chart(
                folder.resolve(NAME + "-accuracy.svg"),
                new ChartFile.Titles("Accuracies of batches", "demand", "measured less required, points"),
                outcome,
                answer -> PERCENT * (answer.accuracy() - answer.requiredAccuracy()));
    }

    static String csv(List<BatchTrial> trials) {
        return trials.stream()
                .map(BatchReport::line)
                .collect(Collectors.joining(
                        "\n",
                        "demand,strategy,by_tandem_at_its_accuracy,round,images,required_per_s,declared_per_s,measured_per_s,"
                                + "required_accuracy,declared_accuracy,measured_accuracy,in_time,accurate,shares\n",
                        "\n"));
    }

    private static String line(BatchTrial trial) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%d,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%s,%s,\"%s\"",
                trial.which().demand().label(),
                trial.which().strategy().label(),
                yes(trial.which().byTandem()),
                trial.which().round(),
                trial.images(),
                trial.requiredRate(),
                trial.declaredRate(),
                trial.rate(),
                trial.requiredAccuracy(),
                trial.declaredAccuracy(),
                trial.accuracy(),
                yes(trial.isInTime()),
                yes(trial.isAccurate()),
                words(trial.lanes()));
    }

    private static String yes(boolean claim) {
        return claim ? "yes" : "no";
    }

    /** Who takes how many images by what. */
    static String words(List<Shares.Lane> lanes) {
        return lanes.stream()
                .map(lane -> lane.place() + " " + lane.images() + " x " + lane.variant())
                .collect(Collectors.joining("; "));
    }

    static String page(BatchOutcome outcome, List<VariantRate> rates) {
        return "# Batches under a required rate and accuracy\n\n    " + outcome.command() + "\n\n"
                + String.format(
                        Locale.ROOT,
                        "Batches of %d real images in %d rounds, the same ones for all strategies in a round. Measured rates"
                                + " are %.1f %% off the declared ones (median).%n%n",
                        outcome.images(),
                        outcome.rounds(),
                        PERCENT * outcome.rateError())
                + variants(outcome, rates)
                + met(outcome)
                + beside(outcome)
                + answers(outcome);
    }

    private static String variants(BatchOutcome outcome, List<VariantRate> rates) {
        List<String> nodes = rates.stream().map(VariantRate::node).distinct().toList();
        return "## Variants\n\nImages per second of each node while all are asked for the same variant, means of the rounds;"
                + " accuracy on images that are in no batch.\n\n| variant | accuracy | "
                + String.join(" | ", nodes) + " |\n|---|--:|" + "--:|".repeat(nodes.size()) + "\n"
                + outcome.variants().stream()
                        .map(variant -> String.format(Locale.ROOT, "| %s | %.4f | ", variant.variant(), variant.top1())
                                + nodes.stream()
                                        .map(node -> rate(node, variant.variant(), rates))
                                        .collect(Collectors.joining(" | "))
                                + " |\n")
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String rate(String node, String variant, List<VariantRate> rates) {
        return String.format(
                Locale.ROOT,
                "%.1f",
                rates.stream()
                        .filter(rate ->
                                rate.node().equals(node) && rate.variant().equals(variant))
                        .mapToDouble(VariantRate::imagesPerSecond)
                        .average()
                        .orElse(0));
    }

    private static String met(BatchOutcome outcome) {
        return "## Demands met\n\nPer cent of batches; in time: at least "
                + Math.round(PERCENT * (1 - BatchTrial.TOLERANCE))
                + " % of the required rate; everyone plans for " + Math.round(PERCENT * BatchPlans.MARGIN)
                + " % more than that rate. Of a batch that is planned right at the required accuracy about every other one"
                + " has it: means are in the last table.\n\n"
                + "| strategy | batches | to be met as declared | in time | accurate | both |\n|---|--:|--:|--:|--:|--:|\n"
                + outcome.strategies().stream()
                        .map(strategy -> String.format(
                                Locale.ROOT,
                                "| %s | %d | %.0f | %.0f | %.0f | %.0f |%n",
                                strategy.strategy().label(),
                                strategy.batches(),
                                strategy.declaredMet(),
                                strategy.inTime(),
                                strategy.accurate(),
                                strategy.met()))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String beside(BatchOutcome outcome) {
        return "## Tandem beside each\n\nMeasured, by batch and round: mean, in brackets the quartiles.\n\n"
                + "| strategy | rate ratio | accuracy, points | rate ratio at its accuracy | accuracy then, points |\n"
                + "|---|--:|--:|--:|--:|\n"
                + outcome.strategies().stream()
                        .filter(strategy -> strategy.rateRatio() != null)
                        .map(strategy -> "| " + strategy.strategy().label() + " | " + cell(strategy.rateRatio()) + " | "
                                + cell(strategy.points()) + " | " + cell(strategy.rateRatioAtAccuracy()) + " | "
                                + cell(strategy.pointsAtAccuracy()) + " |\n")
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String cell(BatchOutcome.@Nullable Spread spread) {
        return spread == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.3f (%.3f %.3f %.3f)",
                        spread.mean(),
                        spread.quartiles().low(),
                        spread.quartiles().median(),
                        spread.quartiles().high());
    }

    private static String answers(BatchOutcome outcome) {
        return "## Answers\n\nMeans of the rounds; shares are those of the last one.\n\n"
                + "| demand | strategy | required, images/s | declared | measured | required accuracy | declared | measured |"
                + " shares |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n"
                + outcome.demands().stream().map(BatchReport::answer).collect(Collectors.joining());
    }

    private static String answer(BatchOutcome.Answer answer) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %.1f | %.3f | %.3f | %.3f | %s |%n",
                answer.demand().label(),
                answer.strategy().label(),
                answer.requiredRate(),
                answer.declaredRate(),
                answer.rate(),
                answer.requiredAccuracy(),
                answer.declaredAccuracy(),
                answer.accuracy(),
                answer.shares());
    }

    private static void chart(
            Path file, ChartFile.Titles titles, BatchOutcome outcome, ToDoubleFunction<BatchOutcome.Answer> height)
            throws IOException {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (BatchOutcome.Answer answer : outcome.demands()) {
            series.computeIfAbsent(answer.strategy().label(), label -> new ArrayList<>())
                    .add(height.applyAsDouble(answer));
        }
        List<String> demands = outcome.demands().stream()
                .map(answer -> answer.demand().label())
                .distinct()
                .toList();
        ChartFile.writeBars(file, titles, demands, series);
    }
}
