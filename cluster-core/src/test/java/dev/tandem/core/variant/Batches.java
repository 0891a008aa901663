package dev.tandem.core.variant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Small batches, and all ways to share them. */
final class Batches {

    private Batches() {}

    static Variant variant(String name, double top1) {
        return new Variant(name, top1, "test", 1, 1);
    }

    static ModelFamily family(double... accuracies) {
        List<Variant> variants = new ArrayList<>();
        for (double top1 : accuracies) {
            variants.add(variant("v" + variants.size(), top1));
        }
        return new ModelFamily("test", variants);
    }

    static ShareProblem problem(int images, ModelFamily family, long[]... nanos) {
        List<Place> places = new ArrayList<>();
        for (long[] each : nanos) {
            places.add(
                    new Place("p" + places.size(), Arrays.stream(each).boxed().toList()));
        }
        return new ShareProblem(family, places, images);
    }

    /** Up to three places and variants with up to seven images; times are small, so that many are equal. */
    static ShareProblem random(Random random) {
        return random(random, 1);
    }

    /** The same with times in multiples of this. */
    static ShareProblem random(Random random, long nanosUnit) {
        double[] accuracies = new double[1 + random.nextInt(3)];
        for (int level = 0; level < accuracies.length; level++) {
            accuracies[level] = (1 + random.nextInt(20)) * 5 / 100.0;
        }
        long[][] nanos = new long[1 + random.nextInt(3)][accuracies.length];
        for (long[] place : nanos) {
            for (int level = 0; level < place.length; level++) {
                place[level] = (1 + random.nextInt(12)) * nanosUnit;
            }
        }
        return problem(1 + random.nextInt(7), family(accuracies), nanos);
    }

    /** Every way to share the batch. */
    static void forEach(ShareProblem problem, Consumer<Shares> visitor) {
        place(problem, new int[problem.places().size()][problem.levels()], 0, problem.images(), visitor);
    }

    private static void place(ShareProblem problem, int[][] counts, int lane, int left, Consumer<Shares> visitor) {
        int lanes = counts.length * problem.levels();
        int place = lane / problem.levels();
        int level = lane % problem.levels();
        if (lane == lanes - 1) {
            counts[place][level] = left;
            visitor.accept(SharesOf.counts(problem, counts));
            return;
        }
        for (int images = 0; images <= left; images++) {
            counts[place][level] = images;
            place(problem, counts, lane + 1, left - images, visitor);
        }
    }
}
