package dev.tandem.harness.experiment.hidp;

import dev.tandem.core.planner.Objective;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the experiment gives. Ratios are geometric means over the rows, and better for Tandem the smaller they are: of
 * latency and energy Tandem's over the other's, of throughput the other's over Tandem's.
 *
 * @param command what repeats it
 * @param beside Tandem beside each technique
 * @param ofMeans Tandem beside means of several techniques
 * @param losses where a technique is better than Tandem, in words
 */
public record Outcome(
        String command, String boards, List<Beside> beside, List<OfMean> ofMeans, List<String> losses, List<Row> rows) {

    private static final String WORST = "modnn";

    /**
     * Tandem beside one technique.
     *
     * @param latencyTies rows in which both are equal
     */
    public record Beside(
            String technique,
            double latency,
            double throughput,
            double energy,
            long latencyTies,
            long throughputTies,
            long energyTies) {}

    /** Tandem beside the arithmetic mean of some techniques in the same row. */
    public record OfMean(List<String> techniques, double latency, double throughput, double energy) {
        public OfMean {
            techniques = List.copyOf(techniques);
        }
    }

    public Outcome {
        beside = List.copyOf(beside);
        ofMeans = List.copyOf(ofMeans);
        losses = List.copyOf(losses);
        rows = List.copyOf(rows);
    }

    /** Sums up rows. */
    public static Outcome of(String command, String boards, List<Row> rows) {
        List<String> butWorst = Boards.TECHNIQUES.stream()
                .filter(technique -> !technique.equals(WORST))
                .toList();
        return new Outcome(
                command,
                boards,
                Boards.TECHNIQUES.stream()
                        .map(technique -> beside(rows, technique))
                        .toList(),
                Stream.of(Boards.TECHNIQUES, butWorst)
                        .map(techniques -> ofMean(rows, techniques))
                        .toList(),
                rows.stream().flatMap(row -> row.losses().stream()).toList(),
                rows);
    }

    private static Beside beside(List<Row> rows, String technique) {
        ToDoubleFunction<Objective> ratio = objective -> geometricMean(rows, row -> row.ofIts(objective, technique));
        return new Beside(
                technique,
                ratio.applyAsDouble(Objective.LATENCY),
                ratio.applyAsDouble(Objective.THROUGHPUT),
                ratio.applyAsDouble(Objective.ENERGY),
                ties(rows, Objective.LATENCY, technique),
                ties(rows, Objective.THROUGHPUT, technique),
                ties(rows, Objective.ENERGY, technique));
    }

    private static long ties(List<Row> rows, Objective objective, String technique) {
        return rows.stream().filter(row -> row.isTie(objective, technique)).count();
    }

    private static OfMean ofMean(List<Row> rows, List<String> techniques) {
        ToDoubleBiFunction<Row, Objective> ofMean =
                (row, objective) -> row.figure(objective, Boards.TANDEM) / mean(row, objective, techniques);
        return new OfMean(
                techniques,
                geometricMean(rows, row -> ofMean.applyAsDouble(row, Objective.LATENCY)),
                geometricMean(rows, row -> 1 / ofMean.applyAsDouble(row, Objective.THROUGHPUT)),
                geometricMean(rows, row -> ofMean.applyAsDouble(row, Objective.ENERGY)));
    }

    private static double mean(Row row, Objective objective, List<String> techniques) {
        return techniques.stream()
                .mapToDouble(technique -> row.figure(objective, technique))
                .average()
                .orElseThrow();
    }

    private static double geometricMean(List<Row> rows, ToDoubleFunction<Row> ratio) {
        return Math.exp(rows.stream()
                .mapToDouble(row -> Math.log(ratio.applyAsDouble(row)))
                .average()
                .orElseThrow());
    }
}
