package dev.tandem.core.graph;

import dev.tandem.core.region.Axis;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
 * @param geometry how outputs depend on inputs along each axis; an axis that is not named is whole
 */
public record Layer(
        int index,
        String name,
        String operator,
        List<String> inputs,
        List<String> outputs,
        long multiplyAdds,
        long weightBytes,
        Map<Axis, AxisGeometry> geometry) {

    private static final AxisGeometry UNKNOWN = new AxisGeometry.Whole("its geometry is not known");

    public Layer {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        geometry = geometry.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(geometry));
    }

    /** A layer of which only the rows are known. */
    public Layer(
            int index,
            String name,
            String operator,
            List<String> inputs,
            List<String> outputs,
            long multiplyAdds,
            long weightBytes,
            AxisGeometry rows) {
        this(index, name, operator, inputs, outputs, multiplyAdds, weightBytes, Map.of(Axis.ROWS, rows));
    }

    /** How outputs depend on inputs along an axis. */
    public AxisGeometry along(Axis axis) {
        return geometry.getOrDefault(axis, UNKNOWN);
    }
}
