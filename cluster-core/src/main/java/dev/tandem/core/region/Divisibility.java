package dev.tandem.core.region;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Whether, and how, a segment can be divided along rows. */
public final class Divisibility {

    private Divisibility() {}

    /** Why the segment cannot be divided along rows at all; empty when it can, into at least two shards. */
    public static Optional<String> refusal(ModelGraph graph, Segment segment) {
        return refusal(graph, segment, 2);
    }

    /** Why the segment cannot be divided along rows into so many shards; empty when it can. */
    public static Optional<String> refusal(ModelGraph graph, Segment segment, int shards) {
        for (Layer layer : graph.layers(segment)) {
            Optional<String> refusal = LayerDivision.refusal(graph, layer);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return graph.outputs(segment).stream()
                .flatMap(output -> outputRefusal(output, shards).stream())
                .findFirst();
    }

    /** Whether a layer can be computed in row parts, as far as its geometry and shapes tell. */
    public static boolean isDivisible(ModelGraph graph, int layer) {
        return LayerDivision.refusal(graph, graph.layers().get(layer)).isEmpty();
    }

    /**
     * The longest segment from a layer on that ends at an allowed cut, or at the model's end, and can be divided into so
     * many shards.
     */
    public static Optional<Segment> longest(ModelGraph graph, int from, int shards) {
        int blocked = from;
        while (blocked < graph.layers().size()
                && LayerDivision.refusal(graph, graph.layers().get(blocked)).isEmpty()) {
            blocked++;
        }
        int end = blocked;
        List<Integer> ends = new ArrayList<>();
        graph.allowedCuts().stream()
                .map(cut -> cut.position())
                .filter(position -> from < position && position <= end)
                .forEach(ends::add);
        if (end == graph.layers().size() && end > from) {
            ends.add(end);
        }
        for (int last = ends.size() - 1; last >= 0; last--) {
            Segment segment = new Segment(from, ends.get(last));
            if (refusal(graph, segment, shards).isEmpty()) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /**
     * Divides a segment into shards by share: every output of height H is cut at the rounded cumulative shares of H, each
     * shard getting at least one row.
     *
     * @param shares positive, in any unit; one per shard, in the order of the rows
     * @throws NotDivisibleException when the segment cannot be divided so; the message says why
     */
    public static List<ShardRegions> divide(ModelGraph graph, Segment segment, List<Double> shares) {
        refusal(graph, segment, shares.size()).ifPresent(reason -> {
            throw new NotDivisibleException(reason);
        });
        List<Map<String, Interval>> owned = new ArrayList<>();
        shares.forEach(share -> owned.add(new LinkedHashMap<>()));
        for (TensorSpec output : graph.outputs(segment)) {
            List<Interval> parts = cut(output.rows(), shares);
            for (int shard = 0; shard < parts.size(); shard++) {
                owned.get(shard).put(output.name(), parts.get(shard));
            }
        }
        return owned.stream().map(rows -> regions(graph, segment, rows)).toList();
    }

    /**
     * Cuts {@code [0, rows)} at the rounded cumulative shares, each part at least one row long.
     *
     * @throws IllegalArgumentException when there are fewer rows than shares, or a share is not above 0 and finite
     */
    public static List<Interval> cut(int rows, List<Double> shares) {
        if (shares.isEmpty()
                || shares.size() > rows
                || shares.stream().anyMatch(share -> !(share > 0 && share < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException("shares " + shares
                    + " must be above 0 and finite, at least one, and no more than there are rows (" + rows + ")");
        }
        double total = shares.stream().mapToDouble(Double::doubleValue).sum();
        List<Interval> parts = new ArrayList<>();
        double cumulative = 0;
        int from = 0;
        for (int part = 0; part < shares.size(); part++) {
            cumulative += shares.get(part);
            int ideal = Math.toIntExact(Math.round(rows * cumulative / total));
            int to = Math.min(Math.max(ideal, from + 1), rows - (shares.size() - 1 - part));
            parts.add(new Interval(from, to));
            from = to;
        }
        return List.copyOf(parts);
    }

    private static ShardRegions regions(ModelGraph graph, Segment segment, Map<String, Interval> owned) {
        RowSweep rows = RowSweep.over(graph, segment, RowSweep.of(graph, owned));
        if (rows.readsPaddingAlone()) {
            throw new NotDivisibleException("the shard of rows " + owned + " would compute from padding alone: it"
                    + " needs no row of tensor '" + paddingAlone(graph, rows) + "'. Maybe use fewer shards.");
        }
        Map<String, Region> inputs = new LinkedHashMap<>();
        for (TensorSpec input : graph.inputs(segment)) {
            int tensor = graph.index().number(input.name());
            int first = rows.firstRow(tensor);
            inputs.put(input.name(), first < 0 ? Region.WHOLE : Region.rows(first, first + rows.rows(tensor)));
        }
        Map<String, Region> outputs = new LinkedHashMap<>();
        owned.forEach((tensor, part) -> outputs.put(tensor, Region.rows(Objects.requireNonNull(part))));
        return new ShardRegions(inputs, outputs);
    }

    private static String paddingAlone(ModelGraph graph, RowSweep rows) {
        return IntStream.range(0, graph.index().tensors())
                .filter(tensor -> rows.rows(tensor) == 0)
                .mapToObj(tensor -> graph.index().tensor(tensor).name())
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> outputRefusal(TensorSpec output, int shards) {
        if (!output.isFeatureMap()) {
            return Optional.of("output '" + output.name() + "' of shape " + output.shape()
                    + " is no feature map (batch, channels, rows, columns)");
        }
        if (output.rows() < shards) {
            return Optional.of(
                    "output '" + output.name() + "' has " + output.rows() + " rows, fewer than " + shards + " shards");
        }
        return Optional.empty();
    }
}
