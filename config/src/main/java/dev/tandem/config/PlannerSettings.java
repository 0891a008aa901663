package dev.tandem.config;

import java.time.Duration;
import java.util.List;

/**
 * How models are divided over the nodes.
 *
 * @param maxNodes nodes that one plan may use
 * @param nodes names of those that plans may use; empty: all
 * @param maxLatency longest predicted time of one request; zero: any
 * @param minThroughputPerSecond fewest predicted requests per second; zero: any
 * @param maxEnergyJoules most predicted energy of one request; zero: any
 * @param codec of tensors between nodes
 */
public record PlannerSettings(
        PlannerObjective objective,
        PlannerScheme scheme,
        int maxNodes,
        List<String> nodes,
        Duration maxLatency,
        double minThroughputPerSecond,
        double maxEnergyJoules,
        PlannerCodec codec) {

    private static final int MAX_NODES = 64;
    private static final double MAX_THROUGHPUT = 1e9;
    private static final double MAX_ENERGY_JOULES = 1e6;
    private static final Duration MAX_LATENCY = Duration.ofHours(1);

    public PlannerSettings {
        Limits.check("maxNodes", maxNodes, 1, MAX_NODES);
        Limits.check("maxLatency", maxLatency, Duration.ZERO, MAX_LATENCY);
        Limits.check("minThroughputPerSecond", minThroughputPerSecond, MAX_THROUGHPUT);
        Limits.check("maxEnergyJoules", maxEnergyJoules, MAX_ENERGY_JOULES);
        nodes = List.copyOf(nodes);
    }

    static PlannerSettings from(SectionReader reader) {
        return new PlannerSettings(
                reader.choice("objective", PlannerObjective.class),
                reader.choice("scheme", PlannerScheme.class),
                reader.integer("max-nodes", 1, MAX_NODES),
                reader.names("nodes", NodeSettings.NAME, "a list of names of nodes, each once"),
                reader.duration("max-latency", Duration.ZERO, MAX_LATENCY),
                reader.number(
                        "min-throughput",
                        rate -> rate >= 0 && rate <= MAX_THROUGHPUT,
                        "requests per second from 0 to 1e9"),
                reader.joules("max-energy", MAX_ENERGY_JOULES),
                reader.choice("codec", PlannerCodec.class));
    }
}
