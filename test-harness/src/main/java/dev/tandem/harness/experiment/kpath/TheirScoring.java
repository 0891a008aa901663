package dev.tandem.harness.experiment.kpath;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The means that the paper's notebooks compare, for one number of nodes: over cells (model and capacity) of the techniques as
 * coded. A placement that k-path matching does not find counts 0 s, and k-path's cells include three where the model fits one
 * node, which count 0 s too; those of the others do not.
 *
 * @param kPathCells cells of which k-path's mean is taken
 * @param cells cells of the others
 * @param failures placements that k-path matching did not find, counted 0 s
 */
public record TheirScoring(
        int nodes,
        int kPathCells,
        int cells,
        int failures,
        double kPathSeconds,
        double greedySeconds,
        double randomSeconds) {

    /** Cells with nothing to transfer that k-path's table has all the same: ResNet50 twice, InceptionResNetV2 once. */
    private static final int ZERO_CELLS = 3;

    /**
     * Takes the means.
     *
     * @param trials those with other numbers of nodes, or of a model that fits one node, are left out
     */
    public static TheirScoring of(int nodes, List<Trial> trials) {
        List<List<Trial>> cells = List.copyOf(trials.stream()
                .filter(trial -> trial.nodes() == nodes && trial.hasTransfers())
                .collect(Collectors.groupingBy(trial -> trial.model() + ' ' + trial.megabytes()))
                .values());
        return new TheirScoring(
                nodes,
                cells.size() + ZERO_CELLS,
                cells.size(),
                (int) cells.stream()
                        .flatMap(List::stream)
                        .filter(trial -> trial.of(Technique.K_PATH_AS_CODED).isEmpty())
                        .count(),
                sum(cells, Technique.K_PATH_AS_CODED) / (cells.size() + ZERO_CELLS),
                sum(cells, Technique.GREEDY_AS_CODED) / cells.size(),
                sum(cells, Technique.RANDOM_AS_CODED) / cells.size());
    }

    private static double sum(List<List<Trial>> cells, Technique technique) {
        return cells.stream()
                .mapToDouble(cell -> cell.stream()
                        .mapToDouble(trial -> trial.of(technique).orElse(0))
                        .average()
                        .orElseThrow())
                .sum();
    }
}
