package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.emulated.Comparison.Beside;
import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tandem beside the others, as Markdown. */
final class ComparisonText {

    private static final String LEGEND =
            """
            A ratio is Tandem's advantage: how many times quicker a request is answered (latency), or how many times
            as many requests are answered (throughput). Above 1 Tandem is better. Each ratio is of two measurements of
            the same round; given is the geometric mean over the rounds and, over all, over beds and models, each of
            which counts the same. In brackets: the interval that holds the true mean with a probability of 95 %
            (Student's t on the logarithms; the noise is what differs between rounds; beds and models are taken as
            given). Ahead: all of the interval is above 1; behind: all of it is below; within noise: it holds 1. With
            one round there is no interval. In the tables by bed and model, **bold** is behind, ~ is within noise, and
            – is where the other has no plan.

            """;

    private static final String ENERGY =
            """
            Joules per request of the other planner over Tandem's: above 1 Tandem takes less. All machines of the bed
            count, idle or not: idle power all the time, and what computing adds for as long as a core group is busy.
            Powers are those that the bed states, not metered. The plans are made for latency or throughput, none of
            them for energy.

            """;

    private final Comparison comparison;

    ComparisonText(Comparison comparison) {
        this.comparison = comparison;
    }

    String speed() {
        return "## Tandem beside the others\n\n" + LEGEND + headline() + tables(Quantity.SPEED) + alone();
    }

    /** Of how many planners Tandem is ahead. */
    private String headline() {
        return "Over all beds and models, beside the other planners, Tandem is\n\n"
                + aims(Quantity.SPEED)
                        .map(aim -> "* " + aim + ": " + headline(aim) + "\n")
                        .collect(Collectors.joining())
                + "\n";
    }

    private String headline(Objective aim) {
        Map<String, Long> verdicts = comparison.overall(Quantity.SPEED).stream()
                .filter(beside -> beside.aim() == aim)
                .collect(Collectors.groupingBy(Words::verdict, TreeMap::new, Collectors.counting()));
        return verdicts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue() + (entry.getValue() == 1 ? " time" : " times"))
                .collect(Collectors.joining(", "));
    }

    /** Empty where no power is known. */
    String energy() {
        return comparison.overall(Quantity.ENERGY).isEmpty() ? "" : "## Energy\n\n" + ENERGY + tables(Quantity.ENERGY);
    }

    /** Every bed, model and aim in which Tandem is not ahead of another planner, but for those of the same plan. */
    String notAhead() {
        List<Beside> all = Stream.concat(
                        comparison.overall(Quantity.SPEED).stream(), comparison.bySetting(Quantity.SPEED).stream())
                .filter(beside -> !beside.isAhead())
                .toList();
        return "## Where Tandem is not ahead\n\n"
                + "Over all or on one bed with one model, of latency or throughput.\n\n"
                + list("Behind:", all, Side.BELOW) + list("Not ahead in the one round there is:", all, Side.UNKNOWN)
                + list("Within noise:", all, Side.WITHIN_NOISE) + same(all);
    }

    private static String list(String title, List<Beside> all, Side side) {
        List<Beside> these = all.stream()
                .filter(beside -> !beside.isSame() && beside.ratio().side() == side)
                .toList();
        return title + (these.isEmpty() ? " none.\n\n" : "\n\n" + bullets(these) + "\n");
    }

    private static String bullets(List<Beside> these) {
        return these.stream()
                .map(beside -> "* " + where(beside) + ", " + beside.aim() + ": " + beside.ratio() + " beside "
                        + beside.planner() + "\n")
                .collect(Collectors.joining());
    }

    private static String where(Beside beside) {
        return beside.where().map(Setting::toString).orElse("over all");
    }

    private static String same(List<Beside> all) {
        List<Beside> these = all.stream().filter(Beside::isSame).toList();
        return "The same plan as another planner, so that there is nothing to win:"
                + (these.isEmpty()
                        ? " none.\n\n"
                        : these.stream()
                                .map(beside ->
                                        "* " + where(beside) + ", " + beside.aim() + ": " + beside.planner() + "\n")
                                .collect(Collectors.joining("", "\n\n", "\n")));
    }

    private String alone() {
        return comparison.withoutTandem() == 0
                ? ""
                : comparison.withoutTandem() + " measurements of other planners have none of Tandem's in the same round"
                        + " (yet), and do not count here.\n\n";
    }

    private String tables(Quantity quantity) {
        return overall(quantity)
                + aims(quantity).map(aim -> matrix(quantity, aim)).collect(Collectors.joining());
    }

    private Stream<Objective> aims(Quantity quantity) {
        return comparison.overall(quantity).stream().map(Beside::aim).distinct();
    }

    private String overall(Quantity quantity) {
        return Table.of(
                        comparison.overall(quantity),
                        beside -> List.of(
                                beside.planner(),
                                beside.aim().toString(),
                                beside.ratio().toString(),
                                Words.verdict(beside),
                                String.valueOf(beside.pairs()),
                                String.valueOf(beside.same())),
                        "Tandem beside",
                        "plans for",
                        "ratio over all (95 % interval)",
                        "Tandem is",
                        "pairs of measurements",
                        "of the same plan")
                .toString();
    }

    private String matrix(Quantity quantity, Objective aim) {
        List<Beside> these = comparison.bySetting(quantity).stream()
                .filter(beside -> beside.aim() == aim)
                .toList();
        List<String> planners = these.stream().map(Beside::planner).distinct().toList();
        List<String> header = new ArrayList<>(List.of("bed", "model"));
        header.addAll(planners);
        Table table = new Table(header);
        these.stream().flatMap(beside -> beside.where().stream()).distinct().forEach(setting -> {
            List<String> cells = new ArrayList<>(List.of(setting.bed(), setting.model()));
            planners.forEach(planner -> cells.add(cell(these, setting, planner)));
            table.row(cells);
        });
        return "By bed and model, plans for " + aim + ":\n\n" + table;
    }

    private static String cell(List<Beside> these, Setting setting, String planner) {
        return these.stream()
                .filter(beside -> beside.where().equals(Optional.of(setting))
                        && beside.planner().equals(planner))
                .findFirst()
                .map(ComparisonText::cell)
                .orElse("–");
    }

    private static String cell(Beside beside) {
        if (beside.isSame()) {
            return "same plan";
        }
        return switch (beside.ratio().side()) {
            case BELOW -> "**" + beside.ratio() + "**";
            case WITHIN_NOISE -> "~ " + beside.ratio();
            case ABOVE, UNKNOWN -> beside.ratio().toString();
        };
    }
}
