package dev.tandem.inference.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.TensorInfo;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An input or output of an open model.
 *
 * @param dimensions extents, {@value #UNKNOWN} where the model does not fix one
 */
record Port(String name, ElementType type, List<Long> dimensions) {
    private static final long UNKNOWN = -1;

    Port {
        dimensions = List.copyOf(dimensions);
    }

    static Port of(Path model, NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw unsupported(model, node, String.valueOf(node.getInfo()));
        }
        ElementType type = ElementTypes.of(tensor.onnxType)
                .orElseThrow(() -> unsupported(model, node, tensor.onnxType.toString()));
        return new Port(
                node.getName(), type, Arrays.stream(tensor.getShape()).boxed().toList());
    }

    boolean isFixed() {
        return !dimensions.contains(UNKNOWN);
    }

    TensorSpec spec() {
        if (!isFixed()) {
            throw new IllegalStateException("shape " + dimensions + " of '" + name
                    + "' is known only after a run. Maybe use the run that allocates its outputs.");
        }
        return new TensorSpec(
                name, type, dimensions.stream().map(Math::toIntExact).toList());
    }

    /** Refuses a tensor of another type or shape. */
    void requireFits(String role, TensorSpec given) {
        if (given.type() != type) {
            throw new IllegalArgumentException(
                    "type (" + given.type() + ") of " + role + " '" + name + "' must be " + type + ".");
        }
        boolean fits = given.rank() == dimensions.size();
        for (int axis = 0; fits && axis < given.rank(); axis++) {
            long extent = dimensions.get(axis);
            fits = extent == UNKNOWN || extent == given.shape().get(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "shape " + given.shape() + " of " + role + " '" + name + "' must be " + dimensions + ".");
        }
    }

    private static ModelLoadException unsupported(Path model, NodeInfo node, String what) {
        return new ModelLoadException(
                model,
                ModelLoadException.Reason.UNSUPPORTED_TENSOR,
                "'" + node.getName() + "' (" + what + ") must be a tensor of numbers.",
                null);
    }
}
