package dev.tandem.inference.profile;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the layers behind the kernels of the fused model.
 *
 * <p>ONNX Runtime names a fused kernel after the node it began with, with {@code _token_N} or {@code fused } added, or,
 * in its blocked layout, after the tensor that it writes, with {@code _nchwc} added. Layers without a kernel of their own
 * were swallowed: quantisation by the kernel before, anything else by the one after. Kernels that only change the layout
 * belong to the one that ran before them.
 */
final class KernelAttribution {
    private static final String BLOCKED_SUFFIX = "_nchwc";
    private static final String TOKEN_SUFFIX = "_token_\\d+$";
    private static final String FUSED_PREFIX = "fused ";

    private final ModelGraph graph;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, Integer> byOutput = new HashMap<>();
    private final Map<String, List<Integer>> readers = new HashMap<>();

    KernelAttribution(ModelGraph graph) {
        this.graph = graph;
        for (Layer layer : graph.layers()) {
            byName.put(layer.name(), layer.index());
            layer.outputs().forEach(output -> byOutput.put(output, layer.index()));
            layer.inputs().forEach(input -> readers.computeIfAbsent(input, name -> new ArrayList<>())
                    .add(layer.index()));
        }
    }

    /**
     * Seconds per layer index.
     *
     * @param kernels seconds of each kernel, in the order in which they run
     */
    double[] secondsPerLayer(Map<String, Double> kernels) {
        Map<Integer, Double> owners = owners(kernels);
        Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        for (Layer layer : graph.layers()) {
            groups.computeIfAbsent(owner(layer, owners), owner -> new ArrayList<>())
                    .add(layer.index());
        }
        double[] seconds = new double[graph.layers().size()];
        groups.forEach((owner, members) -> share(owners.getOrDefault(owner, 0.0), members, seconds));
        return seconds;
    }

    /**
     * By layer the one whose kernel computes it: layers with the same were fused.
     *
     * @param kernels seconds of each kernel, in the order in which they run
     */
    int[] ownerPerLayer(Map<String, Double> kernels) {
        Map<Integer, Double> owners = owners(kernels);
        return graph.layers().stream().mapToInt(layer -> owner(layer, owners)).toArray();
    }

    /** The layer that a kernel is named after, if any. */
    Optional<Integer> layerOf(String kernel) {
        String name = kernel.startsWith(FUSED_PREFIX) ? kernel.substring(FUSED_PREFIX.length()) : kernel;
        String withoutToken = name.replaceFirst(TOKEN_SUFFIX, "");
        if (withoutToken.endsWith(BLOCKED_SUFFIX)) {
            String tensor = withoutToken.substring(0, withoutToken.length() - BLOCKED_SUFFIX.length());
            if (byOutput.containsKey(tensor)) {
                return Optional.ofNullable(byOutput.get(tensor));
            }
        }
        return Optional.ofNullable(byName.get(name))
                .or(() -> Optional.ofNullable(byName.get(withoutToken)))
                .or(() -> Optional.ofNullable(byOutput.get(withoutToken)));
    }

    private Map<Integer, Double> owners(Map<String, Double> kernels) {
        Map<Integer, Double> owners = new HashMap<>();
        int last = kernels.keySet().stream()
                .flatMap(kernel -> layerOf(kernel).stream())
                .findFirst()
                .orElse(0);
        for (Map.Entry<String, Double> kernel : kernels.entrySet()) {
            last = layerOf(kernel.getKey()).orElse(last);
            owners.merge(last, kernel.getValue(), Double::sum);
        }
        return owners;
    }

    /** The layer whose kernel computes this one. */
    private int owner(Layer layer, Map<Integer, Double> owners) {
        boolean backFirst = layer.operator().equals("QuantizeLinear");
        Optional<Integer> first = backFirst ? before(layer, owners) : after(layer, owners);
        return first.or(() -> backFirst ? after(layer, owners) : before(layer, owners))
                .orElse(layer.index());
    }

    private Optional<Integer> after(Layer layer, Map<Integer, Double> owners) {
        Layer at = layer;
        while (!owners.containsKey(at.index())) {
            Optional<Integer> next = at.outputs().stream()
                    .flatMap(output -> readers.getOrDefault(output, List.of()).stream())
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = graph.layers().get(next.get());
        }
        return Optional.of(at.index());
    }

    private Optional<Integer> before(Layer layer, Map<Integer, Double> owners) {
        Layer at = layer;
        while (!owners.containsKey(at.index())) {
            Optional<Integer> previous = at.inputs().stream()
                    .map(graph::producer)
                    .filter(producer -> producer >= 0)
                    .findFirst();
            if (previous.isEmpty()) {
                return Optional.empty();
            }
            at = graph.layers().get(previous.get());
        }
        return Optional.of(at.index());
    }

    /** Divides a kernel's time over its layers by arithmetic: multiply-adds, and one operation per element written. */
    private void share(double seconds, List<Integer> members, double[] target) {
        double all = members.stream().mapToDouble(this::operations).sum();
        for (int member : members) {
            target[member] = all > 0 ? seconds * operations(member) / all : seconds / members.size();
        }
    }

    private double operations(int index) {
        Layer layer = graph.layers().get(index);
        long written = layer.outputs().stream()
                .map(graph::tensor)
                .mapToLong(TensorSpec::elements)
                .sum();
        return (double) layer.multiplyAdds() + written;
    }
}
