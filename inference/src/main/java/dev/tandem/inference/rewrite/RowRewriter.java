package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.RowGeometry.WholeRows;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.graph.GraphTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a segment so that it computes some rows of its outputs from some rows of its inputs.
 *
 * <p>Every tensor exists only for the rows that the receptive field names; each layer is rewritten by the rule of its
 * operator, and what was computed for a reader with wider needs is sliced for the others.
 */
final class RowRewriter {

    private final Skeleton source;
    private final ModelGraph graph;
    private final Segment segment;
    private final ShardRegions regions;
    private final Map<String, Interval> wanted = new LinkedHashMap<>();
    private final Map<String, Interval> rows;
    private final ShardGraph shard;

    RowRewriter(Skeleton source, ModelGraph graph, Segment segment, ShardRegions regions) {
        this.source = source;
        this.graph = graph;
        this.segment = segment;
        this.regions = regions;
        graph.outputs(segment).forEach(this::want);
        this.rows = ReceptiveField.rows(graph, segment, wanted);
        this.shard = new ShardGraph(source);
    }

    SegmentExtractor.Part rewrite() {
        requireRows();
        graph.inputs(segment).forEach(this::declareInput);
        for (Layer layer : graph.layers(segment)) {
            if (isComputed(layer)) {
                rewrite(layer);
            }
        }
        return shard.finish();
    }

    private void want(TensorSpec output) {
        if (ReceptiveField.isDivisible(output)) {
            wanted.put(output.name(), rowsOf(output, regions.outputs()));
        }
    }

    private static Interval rowsOf(TensorSpec tensor, Map<String, Region> regions) {
        Region region = regions.getOrDefault(tensor.name(), Region.WHOLE);
        if (!Set.of(Axis.ROWS).containsAll(region.ranges().keySet())) {
            throw new NotDivisibleException(
                    "region (" + region + ") of tensor '" + tensor.name() + "' must be divided along rows only");
        }
        return region.ranges(tensor).get(Axis.ROWS.dimension());
    }

    private void requireRows() {
        rows.forEach((tensor, needed) -> {
            if (needed.isEmpty()) {
                throw new NotDivisibleException(
                        "rows " + wanted + " would be computed from padding alone: no row of '" + tensor + "' is read");
            }
        });
    }

    private void declareInput(TensorSpec input) {
        if (!ReceptiveField.isDivisible(input)) {
            shard.hold(input.name(), Interval.EMPTY);
            return;
        }
        Interval given = rowsOf(input, regions.inputs());
        Interval needed = rows.getOrDefault(input.name(), Interval.EMPTY);
        if (!given.contains(needed)) {
            throw new IllegalArgumentException("rows " + given + " of input '" + input.name() + "' must hold rows "
                    + needed + ", which rows " + wanted + " of the outputs need.");
        }
        shard.hold(input.name(), given);
    }

    /** Layers whose outputs nothing reads are left out. */
    private boolean isComputed(Layer layer) {
        return layer.outputs().stream()
                .map(graph::tensor)
                .anyMatch(output -> !ReceptiveField.isDivisible(output) || rows.containsKey(output.name()));
    }

    private void rewrite(Layer layer) {
        NodeProto node = source.node(layer.name());
        // What has no rows to divide counts as one row.
        Interval computed = layer.outputs().stream()
                .map(output -> rows.getOrDefault(output, Interval.EMPTY))
                .reduce(Interval.EMPTY, Interval::hull);
        computed = computed.isEmpty() ? new Interval(0, 1) : computed;
        LayerSite site = new LayerSite(source, graph, layer, node, computed, shard, wanted);
        boolean readsRows = layer.inputs().stream().map(graph::tensor).anyMatch(ReceptiveField::isDivisible);
        if (!readsRows) {
            site.emitUnchanged();
        } else if (layer.geometry() instanceof WholeRows whole) {
            throw site.refusal(whole.reason());
        } else if (GraphTensors.subgraphs(node).findAny().isPresent()) {
            throw site.refusal("has subgraphs, which are not rewritten");
        } else {
            RowRules.of(site).rewrite(site);
        }
    }
}
