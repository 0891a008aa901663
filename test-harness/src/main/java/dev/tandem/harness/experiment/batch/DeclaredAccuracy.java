package dev.tandem.harness.experiment.batch;

import dev.tandem.core.variant.Variant;

/**
 * How many of some pictures a variant classifies correctly: what a plan goes by. No batch has any of these pictures.
 *
 * @param seed by which the pictures were divided from those of the batches
 */
public record DeclaredAccuracy(String variant, long seed, int images, int correct) {

    /** With four decimals, as plans count them. */
    public double top1() {
        return Math.rint((double) correct / images * Variant.UNITS) / Variant.UNITS;
    }
}
