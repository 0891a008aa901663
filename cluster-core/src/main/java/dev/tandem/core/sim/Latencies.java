package dev.tandem.core.sim;

import java.util.Arrays;

/** How long requests took, from their coming to the gateway to their answer. Immutable. */
public final class Latencies {

    private final double[] sorted;

    Latencies(double[] seconds) {
        sorted = seconds.clone();
        Arrays.sort(sorted);
    }

    public int count() {
        return sorted.length;
    }

    /** Not a number when there is none. */
    public double meanSeconds() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /** Not a number when there is none. */
    public double maxSeconds() {
        return percentileSeconds(100);
    }

    /**
     * The shortest time that so many of a hundred requests did not exceed (nearest rank); not a number when there is none.
     *
     * @param percent above 0, at most 100
     */
    public double percentileSeconds(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentile (" + percent + ") must be above 0 and at most 100");
        }
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies latencies && Arrays.equals(sorted, latencies.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
        return sorted.length == 0
                ? "no latencies"
                : sorted.length + " latencies from " + sorted[0] + " s to " + maxSeconds() + " s";
    }
}
