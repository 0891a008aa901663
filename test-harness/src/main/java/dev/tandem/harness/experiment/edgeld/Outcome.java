package dev.tandem.harness.experiment.edgeld;

import java.util.List;

/**
 * What the experiment gives.
 *
 * @param command what repeats it
 * @param worstGap of Tandem above the proven optimum of convolutions, over all settings
 * @param worstGapOfAny above that of any layers
 * @param worstGapOfRows of the papers' blocks with Tandem's rows above the optimum of convolutions
 * @param losses where anything is quicker than Tandem, in words
 */
public record Outcome(
        String command,
        double worstGap,
        double worstGapOfAny,
        double worstGapOfRows,
        List<Speedup> speedups,
        List<String> losses,
        List<Comparison> comparisons) {

    /**
     * Over one follower.
     *
     * @param setting with the followers counted
     */
    public record Speedup(
            Setting setting, double bodpPerLayer, double bodp, double ocbp, double tandem, double optimum) {}

    public Outcome {
        speedups = List.copyOf(speedups);
        losses = List.copyOf(losses);
        comparisons = List.copyOf(comparisons);
    }

    /** Sums up. */
    public static Outcome of(String command, List<Comparison> comparisons) {
        return new Outcome(
                command,
                comparisons.stream().mapToDouble(Comparison::gap).max().orElseThrow(),
                comparisons.stream().mapToDouble(Comparison::gapOfAny).max().orElseThrow(),
                comparisons.stream().mapToDouble(Comparison::gapOfRows).max().orElseThrow(),
                comparisons.stream()
                        .filter(one -> one.setting().followers() > 1)
                        .map(one -> speedup(one, comparisons))
                        .toList(),
                comparisons.stream().flatMap(one -> one.losses().stream()).toList(),
                comparisons);
    }

    private static Speedup speedup(Comparison many, List<Comparison> comparisons) {
        Comparison one = comparisons.stream()
                .filter(other ->
                        other.setting().followers() == 1 && other.setting().differsInFollowersOnly(many.setting()))
                .findFirst()
                .orElseThrow();
        return new Speedup(
                many.setting(),
                one.bodpPerLayer() / many.bodpPerLayer(),
                one.bodp() / many.bodp(),
                one.ocbp() / many.ocbp(),
                one.tandem() / many.tandem(),
                one.optimum() / many.optimum());
    }
}
