package dev.tandem.core.graph;

import java.util.List;

/**
 * One operator of the model, together with the constants that only it reads.
 *
 * @param index position in {@link ModelGraph#layers()}, a topological order
 * @param name unique in the graph
 * @param operator operator type, such as {@code Conv}
 * @param inputs names of the activations read, in operator order, each once; constants are not among them
 * @param outputs names of the tensors written
 * @param multiplyAdds multiply-add operations of one run; 0 for data movement
 * @param weightBytes bytes of the constants that belong to this layer, as stored
 * @param geometry how output rows depend on input rows
 */
public record Layer(
        int index,
        String name,
        String operator,
        List<String> inputs,
        List<String> outputs,
        long multiplyAdds,
        long weightBytes,
        RowGeometry geometry) {

    public Layer {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
