package dev.tandem.inference.zoo;

import java.util.OptionalInt;

/**
 * What may vary between two files of one zoo model.
 *
 * @param seed decides every weight, together with the weight's name
 * @param batch fixed first dimension of the input, 1 to 4096
 * @param resolution height and width of the input in pixels, 1 to 4096; empty for the model's usual one
 */
public record ZooOptions(long seed, int batch, OptionalInt resolution) {

    private static final int LARGEST = 4096;
    private static final ZooOptions DEFAULTS = new ZooOptions(1, 1, OptionalInt.empty());

    public ZooOptions {
        requireInRange("batch", batch);
        resolution.ifPresent(pixels -> requireInRange("resolution", pixels));
    }

    /** Seed 1, batch 1, the model's usual resolution. */
    public static ZooOptions defaults() {
        return DEFAULTS;
    }

    public ZooOptions withSeed(long newSeed) {
        return new ZooOptions(newSeed, batch, resolution);
    }

    public ZooOptions withBatch(int newBatch) {
        return new ZooOptions(seed, newBatch, resolution);
    }

    public ZooOptions withResolution(int pixels) {
        return new ZooOptions(seed, batch, OptionalInt.of(pixels));
    }

    private static void requireInRange(String what, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(what + " (" + value + ") must be between 1 and " + LARGEST + ".");
        }
    }
}
