package dev.tandem.harness.experiment.predicted;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Rounds as lines of CSV, so that models measured at different times come into one report. */
final class RoundLine {

    static final String HEADER = "model,scheme,round,planned_s,predicted_s,simulated_s,measured_s,"
            + "planned_per_s,predicted_per_s,simulated_per_s,measured_per_s,"
            + "path_predicted_s,path_measured_s,busiest_predicted_s,busiest_measured_s";

    private static final int NAMES = 3;
    private static final int FIELDS = HEADER.split(",", -1).length;

    private RoundLine() {}

    static String write(Round round) {
        return round.model() + "," + round.scheme() + "," + round.number() + ","
                + DoubleStream.of(
                                round.planned().latencySeconds(),
                                round.predicted().latencySeconds(),
                                round.simulated().latencySeconds(),
                                round.measured().latencySeconds(),
                                round.planned().perSecond(),
                                round.predicted().perSecond(),
                                round.simulated().perSecond(),
                                round.measured().perSecond(),
                                round.path().predicted(),
                                round.path().measured(),
                                round.busiest().predicted(),
                                round.busiest().measured())
                        .mapToObj(value -> String.format(Locale.ROOT, "%.6g", value))
                        .collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException when it is not such a line */
    static Round read(String line) {
        List<String> fields = List.of(line.split(",", -1));
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("line '" + line + "' has " + fields.size() + " fields, expected "
                    + FIELDS + " (" + HEADER + "). Maybe remove the file and measure again.");
        }
        double[] values = fields.subList(NAMES, FIELDS).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Round(
                fields.get(0),
                fields.get(1),
                Integer.parseInt(fields.get(2)),
                new Figures(values[0], values[4]),
                new Figures(values[1], values[5]),
                new Figures(values[2], values[6]),
                new Figures(values[3], values[7]),
                new Round.Pair(values[8], values[9]),
                new Round.Pair(values[10], values[11]));
    }
}
