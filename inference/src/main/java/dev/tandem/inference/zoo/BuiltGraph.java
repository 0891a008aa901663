package dev.tandem.inference.zoo;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.List;

/**
 * A finished graph without the values of its weights.
 *
 * @param graph nodes, input, output and small constants; the initialisers of {@code weights} are still to be added
 */
record BuiltGraph(GraphProto graph, List<Weight> weights, ZooCounts counts) {

    BuiltGraph {
        weights = List.copyOf(weights);
    }
}
