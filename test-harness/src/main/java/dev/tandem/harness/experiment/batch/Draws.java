package dev.tandem.harness.experiment.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which pictures are for what: by a seed, so that they are the same whenever a run goes on. */
public final class Draws {

    private Draws() {}

    /** One half of the pictures, by which accuracies are declared. */
    public static <T> List<T> declaring(List<T> pictures, long seed) {
        return shuffled(pictures, seed).subList(0, pictures.size() / 2);
    }

    /**
     * A batch of the other half: every picture is in one before any is in another again.
     *
     * @param round from 1; its batch is the same for all strategies
     * @param images at most as many as the half has
     */
    public static <T> List<T> batch(List<T> pictures, long seed, int round, int images) {
        List<T> half = shuffled(pictures, seed).subList(pictures.size() / 2, pictures.size());
        if (images > half.size()) {
            throw new IllegalArgumentException("images of a batch (" + images
                    + ") must be at most half of the pictures (" + half.size() + "). Maybe raise --limit.");
        }
        int perPass = half.size() / images;
        int pass = (round - 1) / perPass;
        int from = (round - 1) % perPass * images;
        return List.copyOf(shuffled(half, seed + pass + 1).subList(from, from + images));
    }

    private static <T> List<T> shuffled(List<T> all, long seed) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }
}
