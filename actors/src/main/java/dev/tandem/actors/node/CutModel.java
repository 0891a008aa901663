package dev.tandem.actors.node;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.rewrite.SegmentModel;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of which shards are cut, and the last of those that have been: a plan often has many of the one before. Thread-safe. */
final class CutModel {

    private static final int MOST_PARTS = 32;

    private record Part(Segment segment, ShardRegions regions) {}

    private final ModelGraph graph;
    private final ModelProto skeleton;
    /** The oldest first. */
    private final Map<Part, SegmentModel> parts = new LinkedHashMap<>();

    CutModel(ModelGraph graph, ModelProto skeleton) {
        this.graph = graph;
        this.skeleton = skeleton;
    }

    ModelGraph graph() {
        return graph;
    }

    /** The submodel of a shard. */
    SegmentModel part(Segment segment, ShardRegions regions) {
        synchronized (parts) {
            SegmentModel model = parts.computeIfAbsent(
                    new Part(segment, regions), part -> SegmentExtractor.extract(skeleton, graph, segment, regions));
            if (parts.size() > MOST_PARTS) {
                parts.remove(parts.keySet().iterator().next());
            }
            return model;
        }
    }
}
