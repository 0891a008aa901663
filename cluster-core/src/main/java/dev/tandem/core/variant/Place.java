package dev.tandem.core.variant;

import java.util.ArrayList;
import java.util.List;

/**
 * Where images are classified, one after the other: a node, or one of its core groups.
 *
 * @param nanosPerImage of each variant, in the family's order: transfer and inference, at least 1
 */
public record Place(String name, List<Long> nanosPerImage) {

    private static final double NANOS = 1e9;

    public Place {
        nanosPerImage = List.copyOf(nanosPerImage);
        if (nanosPerImage.stream().anyMatch(nanos -> nanos < 1)) {
            throw new IllegalArgumentException(
                    "nanoseconds per image " + nanosPerImage + " of place " + name + " must be at least 1");
        }
    }

    /**
     * From a throughput table.
     *
     * @param imagesPerSecond of each variant, transfers not counted; finite and above 0
     * @param transferSeconds of one image of each variant; finite and at least 0
     */
    public static Place of(String name, List<Double> imagesPerSecond, List<Double> transferSeconds) {
        if (imagesPerSecond.size() != transferSeconds.size()) {
            throw new IllegalArgumentException("place " + name + " has " + imagesPerSecond.size() + " rates, but "
                    + transferSeconds.size() + " transfer times; there must be one of each for every variant");
        }
        if (!imagesPerSecond.stream().allMatch(rate -> rate > 0 && Double.isFinite(rate))
                || !transferSeconds.stream().allMatch(seconds -> seconds >= 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException("rates " + imagesPerSecond + " of place " + name
                    + " must be finite and above 0, transfer times " + transferSeconds
                    + " finite and at least 0. Maybe leave out the place that cannot run a variant.");
        }
        List<Long> nanos = new ArrayList<>();
        for (int level = 0; level < imagesPerSecond.size(); level++) {
            nanos.add((long) Math.ceil(NANOS * (1 / imagesPerSecond.get(level) + transferSeconds.get(level))));
        }
        return new Place(name, nanos);
    }

    long nanos(int level) {
        return nanosPerImage.get(level);
    }
}
