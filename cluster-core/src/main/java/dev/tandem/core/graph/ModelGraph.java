package dev.tandem.core.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model as a DAG of layers in topological order, free of ONNX.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class ModelGraph {

    private static final int MODEL_INPUT = -1;

    private final String name;
    private final String digest;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final List<Layer> layers;
    private final Map<String, TensorSpec> tensors;
    private final Map<String, Integer> producers;
    private final Map<String, Integer> lastReaders;
    private final Set<String> outputNames;
    private final boolean quantised;
    private final List<Cut> cuts;
    private final List<Cut> allowedCuts;
    private final GraphIndex index;

    /**
     * @param digest SHA-256 of the folded model, in hexadecimal: equal graphs of equal weights have equal digests
     * @param tensors every activation by name, model inputs and outputs included
     * @throws IllegalArgumentException when a layer reads a tensor that nothing before it writes
     */
    public ModelGraph(
            String name,
            String digest,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            List<Layer> layers,
            Map<String, TensorSpec> tensors) {
        this.name = name;
        this.digest = digest;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.layers = List.copyOf(layers);
        this.tensors = Map.copyOf(tensors);
        this.producers = indexProducers();
        this.lastReaders = indexLastReaders();
        this.outputNames = this.outputs.stream().map(TensorSpec::name).collect(Collectors.toUnmodifiableSet());
        this.quantised = layers.stream().anyMatch(layer -> layer.operator().equals("DequantizeLinear"));
        this.cuts = findCuts();
        this.allowedCuts = cuts.stream().filter(Cut::isAllowed).toList();
        this.index = new GraphIndex(this.layers, this.tensors, this.outputs);
    }

    public String name() {
        return name;
    }

    public String digest() {
        return digest;
    }

    /** The same model by another name. */
    public ModelGraph named(String other) {
        return name.equals(other) ? this : new ModelGraph(other, digest, inputs, outputs, layers, tensors);
    }

    public List<TensorSpec> inputs() {
        return inputs;
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    /** Bytes of all model inputs together. */
    public long inputBytes() {
        return bytes(inputs);
    }

    /** Bytes of all model outputs together. */
    public long outputBytes() {
        return bytes(outputs);
    }

    public List<Layer> layers() {
        return layers;
    }

    public Map<String, TensorSpec> tensors() {
        return tensors;
    }

    /** Whether the graph carries quantise/dequantise pairs: then only integer tensors are cut points. */
    public boolean isQuantised() {
        return quantised;
    }

    /** The tensor of that name. */
    public TensorSpec tensor(String tensor) {
        return Objects.requireNonNull(tensors.get(tensor), () -> "no tensor '" + tensor + "' in model " + name);
    }

    /** Index of the layer that writes the tensor, or -1 for a model input. */
    public int producer(String tensor) {
        return Objects.requireNonNull(producers.get(tensor), () -> "no tensor '" + tensor + "' in model " + name);
    }

    public boolean isModelInput(String tensor) {
        return producer(tensor) == MODEL_INPUT;
    }

    public boolean isModelOutput(String tensor) {
        return outputNames.contains(tensor);
    }

    /** All layers as one segment. */
    public Segment whole() {
        return new Segment(0, layers.size());
    }

    public List<Layer> layers(Segment segment) {
        return layers.subList(segment.from(), segment.to());
    }

    public long multiplyAdds(Segment segment) {
        return layers(segment).stream().mapToLong(Layer::multiplyAdds).sum();
    }

    public long weightBytes(Segment segment) {
        return layers(segment).stream().mapToLong(Layer::weightBytes).sum();
    }

    /** What the segment reads from outside: model inputs and tensors of earlier layers, in order of first reading. */
    public List<TensorSpec> inputs(Segment segment) {
        BitSet seen = new BitSet(index.tensors());
        List<TensorSpec> read = new ArrayList<>();
        for (int layer = segment.from(); layer < segment.to(); layer++) {
            for (int operand = 0; operand < index.reads(layer); operand++) {
                int tensor = index.read(layer, operand);
                if (!seen.get(tensor) && !segment.contains(index.producer(tensor))) {
                    read.add(index.tensor(tensor));
                }
                seen.set(tensor);
            }
        }
        return List.copyOf(read);
    }

    /** What the segment writes for later layers or as model output, in order of writing. */
    public List<TensorSpec> outputs(Segment segment) {
        List<TensorSpec> written = new ArrayList<>();
        for (int layer = segment.from(); layer < segment.to(); layer++) {
            for (int result = 0; result < index.writes(layer); result++) {
                int tensor = index.written(layer, result);
                if (index.isOutput(tensor, segment.to())) {
                    written.add(index.tensor(tensor));
                }
            }
        }
        return List.copyOf(written);
    }

    /**
     * Every place between two layers, in order; those where the model must not be cut carry the reason.
     *
     * <p>Positions follow this graph's topological order; other orders of parallel branches have other cuts, which are
     * not listed.
     */
    public List<Cut> cuts() {
        return cuts;
    }

    /** The places where the model may be cut. */
    public List<Cut> allowedCuts() {
        return allowedCuts;
    }

    /** Layers and tensors as numbers, for walks that are taken often. */
    public GraphIndex index() {
        return index;
    }

    private List<Cut> findCuts() {
        List<Cut> found = new ArrayList<>();
        Map<String, TensorSpec> alive = new LinkedHashMap<>();
        inputs.forEach(input -> alive.put(input.name(), input));
        for (int position = 1; position < layers.size(); position++) {
            for (String output : layers.get(position - 1).outputs()) {
                alive.put(output, tensor(output));
            }
            int after = position;
            alive.keySet().removeIf(tensor -> lastReader(tensor) < after);
            found.add(new Cut(position, List.copyOf(alive.values()), refusal(alive)));
        }
        return List.copyOf(found);
    }

    private Optional<String> refusal(Map<String, TensorSpec> crossing) {
        return refusalOfTypes(crossing).or(() -> quantised ? refusalOfFloats(crossing) : Optional.empty());
    }

    private static Optional<String> refusalOfTypes(Map<String, TensorSpec> crossing) {
        return crossing.values().stream()
                .filter(tensor -> !tensor.type().canTravel())
                .findFirst()
                .map(tensor -> "tensor '" + tensor.name() + "' is " + tensor.type()
                        + " here, which the runtime cannot take as an input");
    }

    private Optional<String> refusalOfFloats(Map<String, TensorSpec> crossing) {
        return crossing.values().stream()
                .filter(tensor -> tensor.type().isFloating() && !isModelInput(tensor.name()))
                .findFirst()
                .map(tensor -> "tensor '" + tensor.name() + "' of a quantised model is " + tensor.type()
                        + " here: one flipped quantisation step would show. Only integer tensors are cut points");
    }

    private static long bytes(List<TensorSpec> tensors) {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }

    private int lastReader(String tensor) {
        return lastReaders.getOrDefault(tensor, MODEL_INPUT);
    }

    private Map<String, Integer> indexProducers() {
        Map<String, Integer> index = new HashMap<>();
        inputs.forEach(input -> index.put(input.name(), MODEL_INPUT));
        for (Layer layer : layers) {
            for (String input : layer.inputs()) {
                if (!index.containsKey(input)) {
                    throw new IllegalArgumentException("layer '" + layer.name() + "' reads tensor '" + input
                            + "', which nothing before it writes. Layers must be in topological order.");
                }
            }
            layer.outputs().forEach(output -> index.put(output, layer.index()));
        }
        return Map.copyOf(index);
    }

    private Map<String, Integer> indexLastReaders() {
        Map<String, Integer> index = new HashMap<>();
        layers.forEach(layer -> layer.inputs().forEach(input -> index.put(input, layer.index())));
        return Map.copyOf(index);
    }
}
