package dev.tandem.harness.experiment.mesh;

import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.List;

/**
 * What the experiment gives.
 *
 * @param command what repeats it
 * @param sizes by nodes, all of them last as 0
 * @param losses where a technique is better than Tandem, in words
 */
public record Outcome(
        String command, long seed, int trials, List<Size> sizes, List<String> losses, List<Trial> meshes) {

    /** Meshes of one number of nodes. */
    public record Size(int nodes, int trials, List<Ratios> ratios) {
        public Size {
            ratios = List.copyOf(ratios);
        }
    }

    /**
     * Tandem beside another technique.
     *
     * @param latency the technique's over Tandem's
     * @param throughput Tandem's over the technique's
     * @param ofDisNet the technique's latency over DisNet's
     */
    public record Ratios(String technique, Quartiles latency, Quartiles throughput, Quartiles ofDisNet) {}

    public Outcome {
        sizes = List.copyOf(sizes);
        losses = List.copyOf(losses);
        meshes = List.copyOf(meshes);
    }

    /** Sums up trials. */
    public static Outcome of(String command, long seed, int trials, List<Trial> all) {
        List<Size> sizes = new ArrayList<>();
        all.stream()
                .map(Trial::nodes)
                .distinct()
                .forEach(nodes -> sizes.add(size(
                        nodes,
                        all.stream().filter(trial -> trial.nodes() == nodes).toList())));
        sizes.add(size(0, all));
        return new Outcome(
                command,
                seed,
                trials,
                sizes,
                all.stream().flatMap(trial -> trial.losses().stream()).toList(),
                all);
    }

    private static Size size(int nodes, List<Trial> trials) {
        return new Size(
                nodes,
                trials.size(),
                Meshes.COMPARED.stream()
                        .map(technique -> new Ratios(
                                technique,
                                Quartiles.of(trials.stream()
                                        .map(trial -> trial.latencyRatio(technique))
                                        .toList()),
                                Quartiles.of(trials.stream()
                                        .map(trial -> trial.throughputRatio(technique))
                                        .toList()),
                                Quartiles.of(trials.stream()
                                        .map(trial -> trial.latencyRatio(technique) / trial.latencyRatio("disnet"))
                                        .toList())))
                        .toList());
    }
}
