package dev.tandem.harness.experiment.batch;

import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.core.variant.Shares;
import java.util.List;

/**
 * One batch, classified.
 *
 * @param which what was measured
 * @param requiredRate images per second
 * @param lanes who classified how many images by what
 * @param declaredRate images per second by the rates of the variants alone
 * @param declaredAccuracy by the accuracies of the variants
 * @param seconds from the first request to the last answer
 * @param correct images that were classified correctly
 */
public record BatchTrial(
        Cell which,
        int images,
        double requiredRate,
        double requiredAccuracy,
        List<Shares.Lane> lanes,
        double declaredRate,
        double declaredAccuracy,
        double seconds,
        int correct) {

    /** What is counted as in time: as far as machines of a bed may be off their shares. */
    public static final double TOLERANCE = 0.05;

    private static final double ROUNDING = 1e-6;

    /**
     * What is measured.
     *
     * @param strategy who shared the batch
     * @param byTandem instead Tandem did, asked for the accuracy that the strategy's shares have
     * @param round from 1
     */
    public record Cell(String bed, BatchDemand demand, ShareStrategy strategy, boolean byTandem, int round) {}

    public BatchTrial {
        lanes = List.copyOf(lanes);
    }

    /** Images per second, measured. */
    public double rate() {
        return images / seconds;
    }

    /** Share of the images that were classified correctly. */
    public double accuracy() {
        return (double) correct / images;
    }

    /** Whether the required rate was kept, within {@link #TOLERANCE}. */
    public boolean isInTime() {
        return rate() >= requiredRate * (1 - TOLERANCE);
    }

    /** Whether as many images as required were classified correctly. */
    public boolean isAccurate() {
        return accuracy() >= requiredAccuracy;
    }

    /** Whether both requirements hold by what was declared. */
    public boolean isDeclaredMet() {
        return declaredRate >= requiredRate * (1 - ROUNDING) && declaredAccuracy >= requiredAccuracy - ROUNDING;
    }
}
