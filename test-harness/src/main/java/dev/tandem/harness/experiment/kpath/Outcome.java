package dev.tandem.harness.experiment.kpath;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the experiment gives.
 *
 * @param command what repeats it
 * @param cells matched trials by model, capacity and nodes
 * @param sizes matched trials by nodes, and all of them last
 * @param theirs the paper's own means
 * @param losses trials that Tandem loses
 * @param refusals what no placement exists for, once per cell
 */
public record Outcome(
        String command,
        long seed,
        int trials,
        List<Cell> cells,
        List<Size> sizes,
        List<TheirScoring> theirs,
        List<Loss> losses,
        List<String> refusals) {

    /** One model, capacity and number of nodes. */
    public record Cell(String model, int megabytes, int nodes, Comparison figures) {}

    /** One number of nodes, 0 for all, over all models and capacities. */
    public record Size(int nodes, Comparison figures) {}

    public Outcome {
        cells = List.copyOf(cells);
        sizes = List.copyOf(sizes);
        theirs = List.copyOf(theirs);
        losses = List.copyOf(losses);
        refusals = List.copyOf(refusals);
    }

    /** Sums up trials. */
    public static Outcome of(String command, long seed, int trials, List<Trial> all) {
        List<Integer> nodes = all.stream().map(Trial::nodes).distinct().sorted().toList();
        List<Cell> cells = all.stream()
                .filter(Trial::isMatched)
                .map(trial ->
                        new Cell(trial.model(), trial.megabytes(), trial.nodes(), Comparison.of(like(trial, all))))
                .distinct()
                .toList();
        List<Size> sizes = Stream.concat(nodes.stream(), Stream.of(0))
                .map(size -> new Size(size, Comparison.of(ofSize(size, all))))
                .toList();
        return new Outcome(
                command,
                seed,
                trials,
                cells,
                sizes,
                nodes.stream().map(size -> TheirScoring.of(size, all)).toList(),
                all.stream().flatMap(trial -> Loss.of(trial).stream()).toList(),
                all.stream()
                        .filter(trial -> !trial.refusal().isEmpty())
                        .map(Outcome::refusal)
                        .distinct()
                        .toList());
    }

    private static List<Trial> like(Trial one, List<Trial> all) {
        return all.stream()
                .filter(trial -> trial.model().equals(one.model())
                        && trial.megabytes() == one.megabytes()
                        && trial.nodes() == one.nodes())
                .toList();
    }

    private static List<Trial> ofSize(int nodes, List<Trial> all) {
        return all.stream()
                .filter(trial -> nodes == 0 || trial.nodes() == nodes)
                .toList();
    }

    private static String refusal(Trial trial) {
        return trial.model() + " on " + trial.nodes() + " nodes of " + trial.megabytes() + " MB: " + trial.refusal();
    }
}
