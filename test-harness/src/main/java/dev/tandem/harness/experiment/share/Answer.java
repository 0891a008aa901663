package dev.tandem.harness.experiment.share;

import dev.tandem.core.variant.ShareBound;
import dev.tandem.core.variant.ShareRequest;
import dev.tandem.core.variant.ShareSearch;
import dev.tandem.core.variant.Shares;
import dev.tandem.core.variant.Variant;
import dev.tandem.core.variant.VariantChoice;
import java.util.OptionalDouble;

/**
 * What a strategy makes of a request.
 *
 * @param met whether the answer meets both requirements
 * @param imagesPerSecond of the answer
 * @param accuracy of the answer
 * @param violation of the answer, 0 where met
 * @param rateAtAccuracy the most images per second at the required accuracy; empty where it cannot have that
 * @param accuracyAtRate the highest accuracy with all images in time at the required rate; empty where it cannot keep that
 * @param correctInTime the largest share of the images that it classifies correctly within the time that the rate leaves
 * @param tandemRateRatio Tandem's rate at the answer's accuracy over the answer's
 * @param tandemPoints Tandem's accuracy at the answer's rate less the answer's, in points
 * @param boundRateRatio the most that {@code tandemRateRatio} could be
 * @param boundPoints the most that {@code tandemPoints} could be
 */
public record Answer(
        boolean met,
        double imagesPerSecond,
        double accuracy,
        double violation,
        OptionalDouble rateAtAccuracy,
        OptionalDouble accuracyAtRate,
        double correctInTime,
        double tandemRateRatio,
        double tandemPoints,
        double boundRateRatio,
        double boundPoints) {

    private static final double POINTS = 100;

    static Answer of(ShareSearch search, ShareSearch tandem, ShareBound bound, int images, ShareRequest request) {
        VariantChoice choice = VariantChoice.of(search, images, request);
        Shares shares = choice.shares();
        long deadline = request.deadlineNanos(images);
        Shares asAccurate = tandem.soonest(shares.accuracySum()).orElseThrow();
        Shares asSoon = tandem.mostAccurate(shares.nanos()).orElseThrow();
        return new Answer(
                choice instanceof VariantChoice.Met,
                shares.imagesPerSecond(),
                shares.accuracy(),
                shares.violation(request),
                search.soonest(request.accuracySum(images))
                        .map(found -> OptionalDouble.of(found.imagesPerSecond()))
                        .orElse(OptionalDouble.empty()),
                search.mostAccurate(deadline)
                        .map(found -> OptionalDouble.of(found.accuracy()))
                        .orElse(OptionalDouble.empty()),
                (double) search.mostCorrect(deadline) / images / Variant.UNITS,
                (double) shares.nanos() / asAccurate.nanos(),
                POINTS * (asSoon.accuracy() - shares.accuracy()),
                bound.imagesPerSecond(shares.accuracy()) / shares.imagesPerSecond(),
                POINTS * (bound.accuracy(shares.imagesPerSecond()) - shares.accuracy()));
    }
}
