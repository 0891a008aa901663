package dev.tandem.harness.experiment.edgeld;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Seconds of one inference in one setting. Those in fields of their own are of the papers' model; {@code switched} is of a cluster whose
 * nodes all reach each other and compute, the leader included, as Tandem's scorer has it.
 *
 * @param bodpPerLayer strips in proportion to rates, gathered behind every convolution
 * @param bodp the same with fused blocks
 * @param ocbp fused blocks, rows moved
 * @param tandemsRows fused blocks, rows dealt out by {@link dev.tandem.core.planner.RowShares} in the followers' order
 * @param tandem what Tandem plans, which may keep layers on the leader and divide poolings
 * @param optimum with blocks of convolutions
 * @param optimumOfAny with blocks of any layers, and something for the leader to compute between them
 * @param optimumRelayed with blocks of any layers, which the leader may pass on uncomputed: what no plan does
 * @param switched by scheme
 */
public record Comparison(
        Setting setting,
        double bodpPerLayer,
        double bodp,
        double ocbp,
        double tandemsRows,
        double tandem,
        double optimum,
        double optimumOfAny,
        double optimumRelayed,
        Map<String, Double> switched) {

    static final String TANDEM = "tandem";

    private static final double ROUNDING = 1e-9;

    public Comparison {
        switched = Collections.unmodifiableMap(new LinkedHashMap<>(switched));
    }

    /** By what share Tandem is above the optimum of convolutions; below 0 where it is quicker by dividing more. */
    public double gap() {
        return tandem / optimum - 1;
    }

    /** By what share the papers' blocks with Tandem's rows are above the optimum of convolutions. */
    public double gapOfRows() {
        return tandemsRows / optimum - 1;
    }

    /** By what share Tandem is above the optimum of any layers. */
    public double gapOfAny() {
        return tandem / optimumOfAny - 1;
    }

    /** What is quicker than Tandem, in words. */
    List<String> losses() {
        Map<String, Double> ofModel = new LinkedHashMap<>();
        ofModel.put("BODP per layer", bodpPerLayer);
        ofModel.put("BODP", bodp);
        ofModel.put("OCBP", ocbp);
        ofModel.put("the optimum", optimum);
        ofModel.put("the optimum of any layers", optimumOfAny);
        ofModel.put("the optimum of any layers with relays", optimumRelayed);
        double onSwitch = switched.getOrDefault(TANDEM, Double.POSITIVE_INFINITY);
        return Stream.concat(quicker(ofModel, tandem, "star"), quicker(switched, onSwitch, "switch"))
                .toList();
    }

    private Stream<String> quicker(Map<String, Double> seconds, double tandems, String where) {
        return seconds.entrySet().stream()
                .filter(other -> other.getValue() < tandems * (1 - ROUNDING))
                .map(other -> String.format(
                        Locale.ROOT,
                        "%s, %s: %s %.6f s, Tandem %.6f s",
                        setting,
                        where,
                        other.getKey(),
                        other.getValue(),
                        tandems));
    }
}
