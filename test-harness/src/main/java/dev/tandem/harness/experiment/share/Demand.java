package dev.tandem.harness.experiment.share;

import dev.tandem.core.variant.ShareBound;
import dev.tandem.core.variant.ShareRequest;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A request before the boards are known.
 *
 * @param number from 1
 * @param ofBound the required rate as a share of the most that any strategy can do at the required accuracy
 */
record Demand(int number, int images, double accuracy, double ofBound) {

    private static final int[] IMAGES = {10, 20, 50, 100};
    private static final double LEAST_ACCURACY = 0.50;
    private static final double MOST_ACCURACY = 0.71;
    private static final double LEAST_OF_BOUND = 0.05;
    private static final double MOST_OF_BOUND = 1.2;
    private static final double THOUSAND = 1000;

    static List<Demand> draw(long seed, int requests) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.rangeClosed(1, requests)
                .mapToObj(number -> new Demand(
                        number,
                        IMAGES[random.nextInt(IMAGES.length)],
                        Math.round(random.nextDouble(LEAST_ACCURACY, MOST_ACCURACY) * THOUSAND) / THOUSAND,
                        random.nextDouble(LEAST_OF_BOUND, MOST_OF_BOUND)))
                .toList();
    }

    /** What is required of boards with this bound; an accuracy that none has counts as the highest in it. */
    ShareRequest on(ShareBound bound) {
        double attainable =
                Math.min(accuracy, MobileNetVariants.FAMILY.mostAccurate().top1());
        return new ShareRequest(ofBound * bound.imagesPerSecond(attainable), accuracy);
    }
}
