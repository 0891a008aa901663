package dev.tandem.harness.experiment.mesh;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * All techniques on one mesh.
 *
 * @param number from 1 on among the meshes of so many nodes
 * @param latencySeconds of one request by technique, each planned for latency
 * @param throughputPerSecond by technique, each planned for throughput
 */
public record Trial(
        int nodes, int number, Map<String, Double> latencySeconds, Map<String, Double> throughputPerSecond) {

    static final String TANDEM = "tandem";

    private static final double ROUNDING = 1e-9;

    public Trial {
        latencySeconds = Collections.unmodifiableMap(new LinkedHashMap<>(latencySeconds));
        throughputPerSecond = Collections.unmodifiableMap(new LinkedHashMap<>(throughputPerSecond));
    }

    /** A technique's time over Tandem's. */
    double latencyRatio(String technique) {
        return of(latencySeconds, technique) / of(latencySeconds, TANDEM);
    }

    /** Tandem's throughput over a technique's. */
    double throughputRatio(String technique) {
        return of(throughputPerSecond, TANDEM) / of(throughputPerSecond, technique);
    }

    /** Techniques that are better than Tandem, in words. */
    List<String> losses() {
        return Stream.concat(
                        latencySeconds.keySet().stream()
                                .filter(technique -> latencyRatio(technique) < 1 - ROUNDING)
                                .map(technique -> loss("latency, s", technique, latencySeconds)),
                        throughputPerSecond.keySet().stream()
                                .filter(technique -> throughputRatio(technique) < 1 - ROUNDING)
                                .map(technique -> loss("requests/s", technique, throughputPerSecond)))
                .toList();
    }

    private String loss(String figure, String technique, Map<String, Double> figures) {
        return String.format(
                Locale.ROOT,
                "%d nodes, mesh %d, %s: %s %.6g, Tandem %.6g",
                nodes,
                number,
                figure,
                technique,
                of(figures, technique),
                of(figures, TANDEM));
    }

    private static double of(Map<String, Double> figures, String technique) {
        return Objects.requireNonNull(figures.get(technique), technique);
    }
}
