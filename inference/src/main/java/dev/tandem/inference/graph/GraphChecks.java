package dev.tandem.inference.graph;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the parts of a graph that somebody wrote belong together; collects what does not. */
final class GraphChecks {

    private final Set<String> written = new HashSet<>();
    private final Map<String, TensorSpec> tensors = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private GraphChecks() {}

    /** @throws IllegalArgumentException that names everything that does not fit, a line each */
    static void require(List<String> inputs, List<String> outputs, List<Layer> layers, List<TensorSpec> tensors) {
        GraphChecks checks = new GraphChecks();
        tensors.forEach(tensor -> checks.demand(
                checks.tensors.put(tensor.name(), tensor) == null,
                "tensor '" + tensor.name() + "' must be described once"));
        checks.demand(!layers.isEmpty(), "it must have at least one layer");
        inputs.forEach(input -> checks.write("the model", input));
        checks.layers(layers);
        checks.demand(!outputs.isEmpty(), "it must have at least one output");
        outputs.forEach(output -> checks.read("model output", output));
        if (!checks.problems.isEmpty()) {
            throw new IllegalArgumentException("model graph does not fit together:" + System.lineSeparator() + "  "
                    + String.join(System.lineSeparator() + "  ", checks.problems));
        }
    }

    private void layers(List<Layer> layers) {
        Set<String> names = new HashSet<>();
        for (int index = 0; index < layers.size(); index++) {
            Layer layer = layers.get(index);
            String subject = "layer " + index + " ('" + layer.name() + "')";
            demand(layer.index() == index, subject + " has index " + layer.index() + ", expected its place, " + index);
            demand(names.add(layer.name()), subject + " must have a name that no other layer has");
            demand(
                    layer.multiplyAdds() >= 0 && layer.weightBytes() >= 0,
                    subject + " has multiplyAdds " + layer.multiplyAdds() + " and weightBytes " + layer.weightBytes()
                            + ", expected at least 0");
            layer.inputs().forEach(input -> read(subject, input));
            layer.outputs().forEach(output -> write(subject, output));
            problems.addAll(GeometryChecks.problems(subject, layer, tensors));
        }
    }

    private void read(String subject, String tensor) {
        demand(
                written.contains(tensor),
                subject + " reads tensor '" + tensor + "', which no model input gives and no layer before it writes");
    }

    private void write(String subject, String tensor) {
        demand(
                tensors.containsKey(tensor),
                subject + " gives tensor '" + tensor + "', which 'tensors' does not describe");
        demand(written.add(tensor), subject + " gives tensor '" + tensor + "' a second time");
    }

    private void demand(boolean fits, String problem) {
        if (!fits) {
            problems.add(problem);
        }
    }
}
