package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.rewrite.InProcessPlan.Owned;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** One shard's session with buffers for its regions, which it owns. */
record ShardSession(ModelSession session, Map<String, Owned> inputs, Map<String, Owned> outputs)
        implements AutoCloseable {

    static ShardSession open(SegmentModel model, ShardRegions regions, Path weights, SessionSettings settings) {
        ShardSession opened =
                new ShardSession(open(model, weights, settings), new LinkedHashMap<>(), new LinkedHashMap<>());
        try {
            opened.allocate(model, regions);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void allocate(SegmentModel model, ShardRegions regions) {
        model.inputs().forEach(tensor -> inputs.put(tensor.name(), owned(tensor, regions.inputs())));
        model.outputs().forEach(tensor -> outputs.put(tensor.name(), owned(tensor, regions.outputs())));
    }

    private static Owned owned(TensorSpec part, Map<String, Region> regions) {
        return new Owned(regions.getOrDefault(part.name(), Region.WHOLE), TensorBuffer.allocate(part));
    }

    private static ModelSession open(SegmentModel model, Path weights, SessionSettings settings) {
        Path file = weights.resolve(".shard-" + UUID.randomUUID() + ".onnx");
        try {
            model.writeTo(weights, String.valueOf(file.getFileName()));
            try {
                return ModelSession.open(file, settings);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a shard's model to " + weights, e);
        }
    }

    void run() {
        session.run(contents(inputs), contents(outputs));
    }

    private static Map<String, TensorBuffer> contents(Map<String, Owned> buffers) {
        return buffers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .content()));
    }

    @Override
    public void close() {
        session.close();
        inputs.values().forEach(owned -> owned.content().close());
        outputs.values().forEach(owned -> owned.content().close());
    }
}
