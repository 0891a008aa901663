package dev.tandem.deploy.load.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Latencies of a run in nanoseconds; null where there was no answer.
 *
 * @param min of those answered, as {@code max} and {@code mean} are
 * @param percentiles of all queries, those without an answer being the slowest
 */
public record LatencyStatistics(
        @Nullable Long min, @Nullable Long max, @Nullable Double mean, List<Percentile> percentiles) {

    private static final double[] REPORTED = {50, 90, 95, 97, 99, 99.9};

    /** What that share of all queries, in percent, did not exceed. */
    public record Percentile(double percent, @Nullable Long nanos) {}

    public LatencyStatistics {
        percentiles = List.copyOf(percentiles);
    }

    static LatencyStatistics of(Latencies latencies) {
        return new LatencyStatistics(
                orNull(latencies.min()),
                orNull(latencies.max()),
                Double.isNaN(latencies.mean()) ? null : latencies.mean(),
                Arrays.stream(REPORTED)
                        .mapToObj(percent -> new Percentile(percent, orNull(latencies.percentile(percent))))
                        .toList());
    }

    static @Nullable Long orNull(OptionalLong nanos) {
        return nanos.isPresent() ? nanos.getAsLong() : null;
    }
}
