package dev.tandem.actors.node;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.rewrite.SegmentModel;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * A model of which shards are cut, and the submodels of the last two plans, however many they are: a plan often has many of the
 * one before. Thread-safe.
 */
final class CutModel {

    /** What a shard computes. */
    record Part(Segment segment, ShardRegions regions) {}

    private final ModelGraph graph;
    private final ModelProto skeleton;
    private Map<Part, SegmentModel> last = Map.of();
    private Map<Part, SegmentModel> oneBefore = Map.of();

    CutModel(ModelGraph graph, ModelProto skeleton) {
        this.graph = graph;
        this.skeleton = skeleton;
    }

    ModelGraph graph() {
        return graph;
    }

    /** The submodels of all shards that a plan has here. */
    synchronized Map<Part, SegmentModel> cut(Collection<Part> parts) {
        Map<Part, SegmentModel> cut = new HashMap<>();
        for (Part part : parts) {
            cut.computeIfAbsent(part, this::submodel);
        }
        oneBefore = last;
        last = Map.copyOf(cut);
        return last;
    }

    private SegmentModel submodel(Part part) {
        SegmentModel known = last.containsKey(part) ? last.get(part) : oneBefore.get(part);
        return known == null ? SegmentExtractor.extract(skeleton, graph, part.segment(), part.regions()) : known;
    }
}
