package dev.tandem.harness.experiment.batch;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.tandem.core.variant.ShareBound;
import dev.tandem.core.variant.ShareProblem;
import dev.tandem.core.variant.ShareRequest;
import dev.tandem.core.variant.Variant;

/** What is asked of a batch, by what the machines and the variants can do: it binds as much in every round. */
public enum BatchDemand {
    /** Half of what is possible. */
    EASY("easy", 0.5, 0.5),
    /** Nearly the highest rate at an accuracy that small variants have. */
    RATE("rate-bound", 0.3, 0.85),
    /** Nearly the accuracy of the best variant, at a moderate rate. */
    ACCURACY("accuracy-bound", 0.95, 0.7),
    /** Much of both. */
    TIGHT("tight", 0.8, 0.9);

    private static final double THOUSAND = 1000;

    private final String label;
    private final double ofAccuracies;
    private final double ofBound;

    /**
     * @param ofAccuracies how far the required accuracy is from that of the least accurate variant to that of the best
     * @param ofBound the required rate as a share of the most that any shares can have at this accuracy
     */
    BatchDemand(String label, double ofAccuracies, double ofBound) {
        this.label = label;
        this.ofAccuracies = ofAccuracies;
        this.ofBound = ofBound;
    }

    /** For people. */
    @JsonValue
    public String label() {
        return label;
    }

    ShareRequest on(ShareProblem problem) {
        double most = problem.family().mostAccurate().top1();
        double least = problem.family().variants().stream()
                .mapToDouble(Variant::top1)
                .min()
                .orElseThrow();
        double accuracy = Math.floor((least + ofAccuracies * (most - least)) * THOUSAND) / THOUSAND;
        return new ShareRequest(ofBound * new ShareBound(problem).imagesPerSecond(accuracy), accuracy);
    }
}
