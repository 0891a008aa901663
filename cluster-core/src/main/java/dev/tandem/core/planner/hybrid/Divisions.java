package dev.tandem.core.planner.hybrid;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the shards of a segment read and write for given shares of the rows. Used by one thread. */
final class Divisions {

    /** Index of the division that is none: all rows in one shard. */
    static final int WHOLE = 0;

    private record Divided(Segment segment, int division) {}

    /**
     * What a shard costs wherever it runs.
     *
     * @param outputs what it computes of what the segment writes
     */
    record Part(Map<String, Region> outputs, long memoryBytes) {}

    private final ModelGraph graph;
    private final CostModel cost;
    private final List<List<Double>> shares = new ArrayList<>();
    private final Map<Divided, List<ShardRegions>> regions = new HashMap<>();
    private final Map<Divided, List<Part>> parts = new HashMap<>();

    Divisions(ModelGraph graph, CostModel cost) {
        this.graph = graph;
        this.cost = cost;
        shares.add(List.of(1.0));
    }

    /** The index of these shares, which are known from now on. */
    int index(List<Double> rowShares) {
        int known = shares.indexOf(rowShares);
        if (known >= 0) {
            return known;
        }
        shares.add(List.copyOf(rowShares));
        return shares.size() - 1;
    }

    /** The regions of each shard; empty where the segment cannot be divided so. */
    List<ShardRegions> of(Segment segment, int division) {
        return regions.computeIfAbsent(new Divided(segment, division), this::divide);
    }

    /** What each shard costs; empty where the segment cannot be divided so. */
    List<Part> parts(Segment segment, int division) {
        return parts.computeIfAbsent(new Divided(segment, division), divided -> of(segment, division).stream()
                .map(regions -> new Part(regions.outputs(), cost.memoryBytes(segment, regions.outputs())))
                .toList());
    }

    private List<ShardRegions> divide(Divided divided) {
        if (divided.division() == WHOLE) {
            return List.of(
                    new ShardRegions(whole(graph.inputs(divided.segment())), whole(graph.outputs(divided.segment()))));
        }
        try {
            return Divisibility.divide(graph, divided.segment(), shares.get(divided.division()));
        } catch (NotDivisibleException indivisible) {
            return List.of();
        }
    }

    private static Map<String, Region> whole(List<TensorSpec> tensors) {
        Map<String, Region> all = new LinkedHashMap<>();
        tensors.forEach(tensor -> all.put(tensor.name(), Region.WHOLE));
        return all;
    }
}
