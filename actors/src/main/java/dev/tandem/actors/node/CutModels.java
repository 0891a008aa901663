package dev.tandem.actors.node;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.graph.GraphJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** Models of which a node has cut shards, as long as its heap has room for them. Thread-safe. */
final class CutModels {

    private final PieceStore store;
    private final Map<ModelManifest, SoftReference<CutModel>> read = new HashMap<>();

    /** @param store holds the skeletons and graphs of models that are asked for */
    CutModels(PieceStore store) {
        this.store = store;
    }

    /**
     * The model of a manifest, read unless it was before.
     *
     * @throws IllegalArgumentException when it is none
     */
    CutModel of(ModelManifest manifest) {
        synchronized (read) {
            SoftReference<CutModel> known = read.get(manifest);
            CutModel model = known == null ? null : known.get();
            if (model == null) {
                read.values().removeIf(reference -> reference.get() == null);
                model = read(manifest);
                read.put(manifest, new SoftReference<>(model));
            }
            return model;
        }
    }

    private CutModel read(ModelManifest manifest) {
        ModelGraph graph = GraphJson.read(bytes(manifest.graph()));
        return new CutModel(graph, skeleton(manifest.skeleton()));
    }

    private ModelProto skeleton(PieceRef piece) {
        try {
            return ModelProto.parseFrom(bytes(piece));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("skeleton " + piece.sha() + " is not an ONNX model", e);
        }
    }

    private byte[] bytes(PieceRef piece) {
        try {
            return Files.readAllBytes(store.path(piece.sha()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read piece " + piece.sha(), e);
        }
    }
}
