package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What was measured, and how much of the ideal that is, as Markdown. */
final class FigureText {

    private static final String LEGEND =
            """
            Medians over the rounds, of what was measured with the quartiles in brackets; bold: the best median of a
            bed and model. Simulated and predicted: what the simulator and the cost model say of the plan, with the
            machines as fast as they were right before and after. Busiest: the part of the time in which the busiest
            core group had work.

            """;

    private final List<Run> runs;

    FigureText(List<Run> runs) {
        this.runs = runs;
    }

    private record Key(Setting setting, String planner, Objective aim) {}

    private static Map<Key, List<Run>> cells(List<Run> runs) {
        return runs.stream()
                .collect(Collectors.groupingBy(
                        run -> new Key(
                                run.which().setting(),
                                run.which().planner(),
                                run.which().aim()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    String figures() {
        StringBuilder text = new StringBuilder("## Figures\n\n" + LEGEND);
        runs.stream().map(run -> run.which().aim()).distinct().forEach(aim -> text.append(figures(aim)));
        return text.toString();
    }

    private String figures(Objective aim) {
        Map<Key, List<Run>> cells =
                cells(runs.stream().filter(run -> run.which().aim() == aim).toList());
        Table table = new Table(
                "bed",
                "model",
                "planner",
                "measured",
                "simulated",
                "predicted",
                "joules per request",
                "busiest",
                "rounds",
                "answers");
        cells.keySet().stream().map(Key::setting).distinct().forEach(setting -> {
            List<Map.Entry<Key, List<Run>>> here = cells.entrySet().stream()
                    .filter(entry -> entry.getKey().setting().equals(setting))
                    .toList();
            double best = here.stream()
                    .map(entry -> median(entry.getValue()))
                    .max(betterLast(aim))
                    .orElseThrow();
            here.forEach(entry -> table.row(row(entry.getKey(), entry.getValue(), best)));
        });
        return (aim == Objective.LATENCY
                        ? "Latency: milliseconds of a request, one at a time (the median of a run).\n\n"
                        : "Throughput: requests per second, with as many in flight as keep the plan's core groups busy.\n\n")
                + table;
    }

    private static Comparator<Double> betterLast(Objective aim) {
        return aim == Objective.LATENCY ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }

    private static double median(List<Run> rounds) {
        return median(rounds, Run::measured);
    }

    private static double median(List<Run> rounds, ToDoubleFunction<Run> figure) {
        return Quartiles.of(rounds.stream().map(figure::applyAsDouble).toList()).median();
    }

    private static String figure(Key key, List<Run> rounds, ToDoubleFunction<Run> figure) {
        return Words.digits(Words.inUnit(key.aim(), median(rounds, figure)));
    }

    private static List<String> row(Key key, List<Run> rounds, double best) {
        String measured = Words.spread(rounds, run -> Words.inUnit(key.aim(), run.measured()));
        return List.of(
                key.setting().bed(),
                key.setting().model(),
                key.planner(),
                median(rounds) == best ? "**" + measured + "**" : measured,
                figure(key, rounds, Run::simulated),
                figure(key, rounds, Run::predicted),
                known(rounds.stream().map(Run::joules).toList()),
                Words.percent(rounds.stream()
                        .flatMap(run -> run.busy().values().stream())
                        .mapToDouble(share -> share)
                        .max()
                        .orElse(0)),
                String.valueOf(rounds.size()),
                String.valueOf(rounds.stream().mapToInt(Run::samples).sum()));
    }

    private static String known(List<Optional<Double>> figures) {
        List<Double> known = figures.stream().flatMap(Optional::stream).toList();
        return known.isEmpty() ? "–" : Words.digits(Quartiles.of(known).median());
    }

    /** Empty where no run has an ideal. */
    String ideal() {
        List<Run> known = runs.stream().filter(run -> run.ideal().isPresent()).toList();
        if (known.isEmpty()) {
            return "";
        }
        return "## Share of the ideal\n\n"
                + "Throughput: measured over ideal; latency: ideal over measured; so 1 is the ideal. Medians over the rounds,"
                + " in brackets the quartiles.\n\n"
                + Table.of(
                        new ArrayList<>(cells(known).entrySet()),
                        entry -> ideal(entry.getKey(), entry.getValue()),
                        "bed",
                        "model",
                        "planner",
                        "plans for",
                        "measured",
                        "ideal",
                        "unit",
                        "share of the ideal",
                        "rounds");
    }

    private static List<String> ideal(Key key, List<Run> rounds) {
        return List.of(
                key.setting().bed(),
                key.setting().model(),
                key.planner(),
                key.aim().toString(),
                figure(key, rounds, Run::measured),
                figure(key, rounds, run -> run.ideal().orElseThrow()),
                Words.unit(key.aim()),
                Words.spread(rounds, run -> run.ofIdeal().orElseThrow()),
                String.valueOf(rounds.size()));
    }
}
