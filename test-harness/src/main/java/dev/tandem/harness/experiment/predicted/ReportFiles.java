package dev.tandem.harness.experiment.predicted;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.harness.experiment.chart.ChartFile;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Keeps the rounds as CSV, and writes from them a Markdown page and charts. */
public final class ReportFiles {

    private static final String ROUNDS = "rounds.csv";
    private static final String PAGE = "predicted.md";

    /** How a page begins the line that repeats it. */
    private static final String COMMAND = "    ";

    private ReportFiles() {}

    /**
     * What a folder holds already.
     *
     * @param settings that the new rounds are made with
     * @throws CommandException when what is there was made with others
     */
    public static Outcome read(Path folder, String settings) throws IOException {
        Path file = folder.resolve(ROUNDS);
        if (!Files.exists(file)) {
            return new Outcome(settings, List.of());
        }
        String before = Files.readAllLines(folder.resolve(PAGE)).stream()
                .filter(line -> line.startsWith(COMMAND))
                .map(String::strip)
                .findFirst()
                .orElse("");
        if (!before.equals(settings) && !before.startsWith(settings + " ")) {
            throw CommandException.refused("the rounds in " + folder + " were made by '" + before
                    + "', and would be mixed with those of '" + settings + "'. Maybe choose another --out.");
        }
        return new Outcome(
                settings,
                Files.readAllLines(file).stream().skip(1).map(RoundLine::read).toList());
    }

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, Outcome outcome) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(ROUNDS), csv(outcome));
        Files.writeString(folder.resolve(PAGE), page(outcome));
        chart(folder.resolve("latency.svg"), "Latency", outcome, Round::latencyRatio);
        chart(folder.resolve("throughput.svg"), "Throughput", outcome, Round::throughputRatio);
    }

    /** A round in a line, for people. */
    public static String line(Round round) {
        return String.format(
                Locale.ROOT,
                "%s, %s, round %d: %.2f ms (simulated %.2f, ratio %.3f; computing %.2f, predicted %.2f), %.2f/s (simulated"
                        + " %.2f, ratio %.3f; busiest %.2f ms, predicted %.2f)",
                round.model(),
                round.scheme(),
                round.number(),
                round.measured().latencySeconds() * 1e3,
                round.simulated().latencySeconds() * 1e3,
                round.latencyRatio(),
                round.path().measured() * 1e3,
                round.path().predicted() * 1e3,
                round.measured().perSecond(),
                round.simulated().perSecond(),
                round.throughputRatio(),
                round.busiest().measured() * 1e3,
                round.busiest().predicted() * 1e3);
    }

    static String csv(Outcome outcome) {
        return outcome.rounds().stream()
                .map(RoundLine::write)
                .collect(Collectors.joining("\n", RoundLine.HEADER + "\n", "\n"));
    }

    static String page(Outcome outcome) {
        return "# Predicted, simulated, measured\n\n" + COMMAND + outcome.command() + "\n\n" + summary(outcome)
                + latencies(outcome) + throughputs(outcome) + shares(outcome);
    }

    private static String summary(Outcome outcome) {
        return "Error: how far the median over the rounds of measured over predicted (or simulated) is from 1; medians"
                + " (quartiles) over " + outcome.plans().size() + " plans, in %.\n\n"
                + "| | of latency | plans within 10 % | of throughput | plans within 10 % |\n|---|---|---|---|---|\n"
                + summary(outcome, "predicted", Round::predicted)
                + summary(outcome, "simulated", Round::simulated)
                + summary(outcome, "predicted by the supervisor when it planned", Round::planned)
                + "\n";
    }

    private static String summary(Outcome outcome, String what, Function<Round, Figures> said) {
        ToDoubleFunction<Round> latency =
                round -> round.measured().latencySeconds() / said.apply(round).latencySeconds();
        ToDoubleFunction<Round> throughput =
                round -> round.measured().perSecond() / said.apply(round).perSecond();
        return "| " + what + " | " + percent(outcome.errors(latency)) + " | " + outcome.within(latency) + " | "
                + percent(outcome.errors(throughput)) + " | " + outcome.within(throughput) + " |\n";
    }

    private static String latencies(Outcome outcome) {
        return "## One request at a time\n\nMilliseconds, medians over the rounds; the ratio with its quartiles.\n\n"
                + "| model | scheme | predicted | simulated | measured | measured over simulated |\n"
                + "|---|---|---|---|---|---|\n"
                + rows(outcome, 1e3, Figures::latencySeconds, Round::latencyRatio);
    }

    private static String throughputs(Outcome outcome) {
        return "## Many in flight\n\nRequests per second, likewise.\n\n"
                + "| model | scheme | predicted | simulated | measured | measured over simulated |\n"
                + "|---|---|---|---|---|---|\n"
                + rows(outcome, 1, Figures::perSecond, Round::throughputRatio);
    }

    private static String rows(
            Outcome outcome, double unit, ToDoubleFunction<Figures> figure, ToDoubleFunction<Round> ratio) {
        return outcome.plans().stream()
                        .map(plan -> String.format(
                                Locale.ROOT,
                                "| %s | %s | %.4g | %.4g | %.4g | %s |%n",
                                plan.which().model(),
                                plan.which().scheme(),
                                unit * plan.median(round -> figure.applyAsDouble(round.predicted())),
                                unit * plan.median(round -> figure.applyAsDouble(round.simulated())),
                                unit * plan.median(round -> figure.applyAsDouble(round.measured())),
                                ratio(plan.quartiles(ratio))))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String shares(Outcome outcome) {
        return "## Where the time goes\n\nMilliseconds of one request at a time: computing by the slowest shard of each stage,"
                + " as predicted and as the shards say, and the rest, which is calls, frames and waiting. Of many in flight:"
                + " computing per request on the busiest core group, and the time between two answers.\n\n"
                + "| model | scheme | computing predicted | measured | rest predicted | measured | busiest predicted |"
                + " measured | between answers |\n|---|---|---|---|---|---|---|---|---|\n"
                + outcome.plans().stream().map(ReportFiles::share).collect(Collectors.joining());
    }

    private static String share(Outcome.Plans plan) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.4g | %.4g | %.2f | %.2f | %.4g | %.4g | %.4g |%n",
                plan.which().model(),
                plan.which().scheme(),
                1e3 * plan.median(round -> round.path().predicted()),
                1e3 * plan.median(round -> round.path().measured()),
                1e3
                        * plan.median(round -> round.predicted().latencySeconds()
                                - round.path().predicted()),
                1e3
                        * plan.median(round ->
                                round.measured().latencySeconds() - round.path().measured()),
                1e3 * plan.median(round -> round.busiest().predicted()),
                1e3 * plan.median(round -> round.busiest().measured()),
                1e3 * plan.median(round -> 1 / round.measured().perSecond()));
    }

    private static String percent(Quartiles error) {
        return String.format(
                Locale.ROOT, "%.1f (%.1f to %.1f)", 100 * error.median(), 100 * error.low(), 100 * error.high());
    }

    private static String ratio(Quartiles ratio) {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", ratio.median(), ratio.low(), ratio.high());
    }

    private static void chart(Path file, String title, Outcome outcome, ToDoubleFunction<Round> ratio)
            throws IOException {
        List<String> models = outcome.plans().stream()
                .map(plan -> plan.which().model())
                .distinct()
                .toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        outcome.plans().stream().map(plan -> plan.which().scheme()).distinct().forEach(scheme -> {
            Map<String, Double> byModel = new LinkedHashMap<>();
            outcome.plans().stream()
                    .filter(plan -> plan.which().scheme().equals(scheme))
                    .forEach(plan -> byModel.put(plan.which().model(), plan.median(ratio)));
            series.put(
                    scheme,
                    models.stream()
                            .map(model -> byModel.getOrDefault(model, 0.0))
                            .toList());
        });
        ChartFile.writeBars(file, new ChartFile.Titles(title, "model", "measured over simulated"), models, series);
    }
}
