package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionExchange;
import dev.tandem.core.region.RegionView;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs the first lane of a plan in one process, shard after shard: what the cluster computes, without the cluster.
 *
 * <p>Tensors pass between shards by the overlap of regions; the plan's edges are not looked at. Not thread-safe. Owns its sessions and buffers; use after close throws {@link IllegalStateException}.
 */
final class InProcessPlan implements AutoCloseable {

    private final ModelGraph graph;
    private final List<ShardSession> shards = new ArrayList<>();
    private boolean closed;

    private InProcessPlan(ModelGraph graph) {
        this.graph = graph;
    }

    /**
     * Opens a session for every shard.
     *
     * @param weights directory of the weight files; models of the shards are written there and deleted once open
     * @throws dev.tandem.core.region.NotDivisibleException when a shard cannot be computed in its regions
     * @throws IllegalArgumentException when the plan is of another model
     */
    static InProcessPlan open(
            ModelProto skeleton, ModelGraph graph, Plan plan, Path weights, SessionSettings settings) {
        if (!plan.modelDigest().equals(graph.digest())) {
            throw new IllegalArgumentException("plan is for model " + plan.model() + " (" + plan.modelDigest()
                    + "), but the graph is " + graph.name() + " (" + graph.digest() + "). Maybe plan again.");
        }
        InProcessPlan opened = new InProcessPlan(graph);
        try {
            for (Stage stage : plan.lanes().get(0).stages()) {
                for (Shard shard : stage.shards()) {
                    ShardRegions regions = new ShardRegions(shard.inputs(), shard.outputs());
                    SegmentModel model = SegmentExtractor.extract(skeleton, graph, stage.segment(), regions);
                    opened.shards.add(ShardSession.open(model, regions, weights, settings));
                }
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * One inference.
     *
     * @param inputs every input of the model, whole
     * @return every output of the model, whole, in new buffers that the caller owns
     * @throws IllegalArgumentException when an input is missing or of the wrong type or shape
     */
    Map<String, TensorBuffer> run(Map<String, TensorBuffer> inputs) {
        if (closed) {
            throw new IllegalStateException("plan of " + graph.name() + " is closed");
        }
        Map<String, List<Owned>> tensors = new HashMap<>();
        for (TensorSpec input : graph.inputs()) {
            tensors.put(input.name(), List.of(new Owned(Region.WHOLE, requireInput(input, inputs))));
        }
        for (ShardSession shard : shards) {
            shard.inputs().forEach((tensor, needed) -> gather(tensor, needed, tensors));
            shard.run();
            shard.outputs().forEach((tensor, made) -> tensors.computeIfAbsent(tensor, name -> new ArrayList<>())
                    .add(made));
        }
        return collect(tensors);
    }

    private static TensorBuffer requireInput(TensorSpec input, Map<String, TensorBuffer> inputs) {
        TensorBuffer given = inputs.get(input.name());
        if (given == null) {
            throw new IllegalArgumentException(
                    "inputs " + inputs.keySet() + " must hold '" + input.name() + "' (" + input + ")");
        }
        if (!given.spec().shape().equals(input.shape()) || given.spec().type() != input.type()) {
            throw new IllegalArgumentException("input '" + input.name() + "' is "
                    + given.spec().type() + given.spec().shape() + ", expected " + input.type() + input.shape());
        }
        return given;
    }

    private Map<String, TensorBuffer> collect(Map<String, List<Owned>> tensors) {
        Map<String, TensorBuffer> results = new LinkedHashMap<>();
        try {
            for (TensorSpec output : graph.outputs()) {
                TensorBuffer whole = TensorBuffer.allocate(output);
                results.put(output.name(), whole);
                gather(output.name(), new Owned(Region.WHOLE, whole), tensors);
            }
            return results;
        } catch (RuntimeException e) {
            results.values().forEach(TensorBuffer::close);
            throw e;
        }
    }

    /** Puts together what one consumer needs of a tensor from what its producers own. */
    private void gather(String tensor, Owned needed, Map<String, List<Owned>> tensors) {
        TensorSpec spec = graph.tensor(tensor);
        List<Owned> producers = tensors.getOrDefault(tensor, List.of());
        List<Region> owned = producers.stream().map(Owned::region).collect(Collectors.toList());
        for (RegionExchange.Piece piece : RegionExchange.pieces(spec, owned, List.of(needed.region))) {
            Owned producer = producers.get(piece.producer());
            RegionView.copy(producer.view(spec, piece.region()), needed.view(spec, piece.region()));
        }
    }

    @Override
    public void close() {
        closed = true;
        shards.forEach(ShardSession::close);
    }

    /** A region of a tensor and its content. */
    record Owned(Region region, TensorBuffer content) {

        RegionView view(TensorSpec tensor, Region piece) {
            return new RegionView(content.buffer(), tensor, region, piece);
        }
    }
}
