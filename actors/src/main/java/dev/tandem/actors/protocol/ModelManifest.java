package dev.tandem.actors.protocol;

import dev.tandem.actors.transport.PieceRef;

/**
 * What a node must know of a model to build its shards: the two small files from which everything else follows. Weights
 * are named by the skeleton and fetched as they are needed.
 *
 * @param digest {@link dev.tandem.core.graph.ModelGraph#digest()}
 * @param skeleton the folded ONNX graph without its large weights
 * @param graph the model graph as JSON
 */
public record ModelManifest(String model, String digest, PieceRef skeleton, PieceRef graph) {}
