package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All runs as CSV (RFC 4180), in SI units. */
final class RunTable {

    private static final String HEADER = "bed,model,planner,aim,round,unit,measured,simulated,predicted,"
            + "measured_over_simulated,measured_over_predicted,answers,joules_per_request,ideal,busiest_share,busy_shares,"
            + "lanes,plan\n";

    private RunTable() {}

    static String csv(List<Run> runs) {
        return runs.stream().map(RunTable::line).collect(Collectors.joining("", HEADER, ""));
    }

    private static String line(Run run) {
        Run.Cell which = run.which();
        Stream<String> fields = Stream.of(
                which.bed(),
                which.model(),
                which.planner(),
                which.aim().toString(),
                String.valueOf(which.round()),
                which.aim() == Objective.LATENCY ? "s" : "1/s",
                number(run.measured()),
                number(run.simulated()),
                number(run.predicted()),
                number(run.ofSimulated()),
                number(Opinion.PREDICTED.ratio(run)),
                String.valueOf(run.samples()),
                number(run.joules()),
                number(run.ideal()),
                number(run.busy().values().stream().max(Double::compare)),
                busy(run.busy()),
                run.lanes(),
                run.plan());
        return fields.map(RunTable::field).collect(Collectors.joining(",", "", "\n"));
    }

    private static String busy(Map<String, Double> busy) {
        return new TreeMap<>(busy)
                .entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%s=%.3f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(";"));
    }

    private static String number(Optional<Double> value) {
        return value.map(RunTable::number).orElse("");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private static String field(String text) {
        boolean isPlain = text.chars().noneMatch(letter -> ",\"\r\n".indexOf(letter) >= 0);
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
