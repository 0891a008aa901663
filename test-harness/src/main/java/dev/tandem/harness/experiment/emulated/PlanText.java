package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the plans are and what they keep busy, as Markdown. */
final class PlanText {

    private static final String BUSY =
            """
            Percent of the time in which each core group had work, medians over the rounds. A core group that has a
            part of a CPU is wholly busy when it uses up that part. Which stage is on which core group is below, with
            the plans.

            """;

    private static final String LEGEND =
            """
            `0-27 a/cpu+b/cpu > 27-40 c/cpu`: the first 27 operators, divided over core group cpu of node a and that
            of node b; then the next 13 on node c's. What is side by side serves requests, or parts of a batch, of its
            own.

            """;

    private final List<Run> runs;

    PlanText(List<Run> runs) {
        this.runs = runs;
    }

    /** Empty where Tandem was not measured. */
    String busy() {
        List<Run> tandem = runs.stream()
                .filter(run -> run.which().planner().equals(Planners.TANDEM))
                .toList();
        return tandem.isEmpty()
                ? ""
                : "## What Tandem's plans keep busy\n\n"
                        + BUSY
                        + tandem.stream()
                                .collect(Collectors.groupingBy(
                                        run -> run.which().bed(), LinkedHashMap::new, Collectors.toList()))
                                .entrySet()
                                .stream()
                                .map(bed -> "Bed " + bed.getKey() + ":\n\n" + busy(bed.getValue()))
                                .collect(Collectors.joining());
    }

    private static Table busy(List<Run> bed) {
        TreeSet<String> groups = new TreeSet<>();
        bed.forEach(run -> groups.addAll(run.busy().keySet()));
        List<String> header = new ArrayList<>(List.of("model", "plans for"));
        header.addAll(groups);
        Table table = new Table(header);
        record Key(String model, Objective aim) {}
        Map<Key, List<Run>> rows = bed.stream()
                .collect(Collectors.groupingBy(
                        run -> new Key(run.which().model(), run.which().aim()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        rows.forEach((key, rounds) -> {
            List<String> cells = new ArrayList<>(List.of(key.model(), key.aim().toString()));
            groups.forEach(group -> cells.add(percent(rounds, group)));
            table.row(cells);
        });
        return table;
    }

    private static String percent(List<Run> rounds, String group) {
        double median = Quartiles.of(rounds.stream()
                        .map(run -> run.busy().getOrDefault(group, 0.0))
                        .toList())
                .median();
        return String.format(Locale.ROOT, "%.0f", 100 * median);
    }

    String plans() {
        List<MeasuredPlan> plans = MeasuredPlan.of(runs);
        StringBuilder text = new StringBuilder("## The plans\n\n" + LEGEND);
        record Key(Setting setting, Objective aim) {}
        plans.stream()
                .collect(Collectors.groupingBy(
                        plan -> new Key(plan.setting(), plan.aim()), LinkedHashMap::new, Collectors.toList()))
                .forEach((key, these) -> text.append("### ")
                        .append(key.setting())
                        .append(", ")
                        .append(key.aim())
                        .append("\n\n")
                        .append(these.stream().map(PlanText::plan).collect(Collectors.joining()))
                        .append('\n'));
        return text.toString();
    }

    private static String plan(MeasuredPlan plan) {
        String words = plan.rounds().get(0).plan();
        int scheme = words.indexOf(": ");
        List<String> lanes =
                List.of(words.substring(scheme < 0 ? 0 : scheme + 2).split(" \\| ", -1));
        String head = "* " + plan.makers() + " (" + rounds(plan) + ")";
        return lanes.size() == 1
                ? head + ": `" + lanes.get(0) + "`\n"
                : head + ", " + lanes.size() + " side by side:\n"
                        + lanes.stream().map(lane -> "    * `" + lane + "`\n").collect(Collectors.joining());
    }

    private static String rounds(MeasuredPlan plan) {
        return (plan.rounds().size() == 1 ? "round " : "rounds ")
                + plan.rounds().stream()
                        .map(run -> String.valueOf(run.which().round()))
                        .collect(Collectors.joining(", "));
    }
}
