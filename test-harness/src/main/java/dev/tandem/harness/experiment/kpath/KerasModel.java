package dev.tandem.harness.experiment.kpath;

import dev.tandem.core.planner.bottleneck.Block;
import dev.tandem.core.planner.bottleneck.BlockChain;
import dev.tandem.core.planner.bottleneck.MemoryRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The layers of a model as Keras lists them, unfused, and the chain that the paper's code makes of them. */
public record KerasModel(String name, List<Layer> layers) {

    /** The models of the paper's figures. */
    public static final List<String> NAMES = List.of("MobileNetV2", "EfficientNetB1", "ResNet50", "InceptionResNetV2");

    /** Bytes of an activation and of a parameter, as {@code keras_layer_memory} adds them up. */
    private static final long BYTES_PER_ELEMENT = 4;

    private static final long BYTES_PER_PARAMETER = 1;

    /** {@code find_partition_transfer_size}: 8 bytes per float, compressed by ZFP. */
    private static final double SENT_BYTES_PER_ELEMENT = 8 / 1.44;

    /**
     * A layer.
     *
     * @param elements of its output
     * @param inputs names of the layers whose outputs it takes
     */
    public record Layer(String name, long elements, long parameters, List<String> inputs) {
        public Layer {
            inputs = List.copyOf(inputs);
        }

        private long memoryBytes() {
            return BYTES_PER_ELEMENT * elements + BYTES_PER_PARAMETER * parameters;
        }
    }

    public KerasModel {
        layers = List.copyOf(layers);
    }

    /** One of {@link #NAMES}, from the list that belongs to this package. */
    public static KerasModel named(String name) {
        try (InputStream file = KerasModel.class.getResourceAsStream(name + ".csv")) {
            if (file == null) {
                throw new IllegalArgumentException(
                        "no layer list of model '" + name + "'; there is " + String.join(", ", NAMES) + ".");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
            return new KerasModel(
                    name,
                    lines.lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(KerasModel::layer)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The blocks between the cut points: layers alone on their level, levels being longest paths from the input, that no
     * connection passes by. A block is a cut point with the layers before it that follow the cut point before; of the first
     * block, the input, nothing is counted. What travels is the cut point's output once for each layer that takes it.
     */
    public BlockChain chain() {
        Map<String, Integer> levels = levels();
        int deepest = levels.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        List<Block> blocks = new ArrayList<>();
        long memory = 0;
        for (int level = 0; level <= deepest; level++) {
            int depth = level;
            List<Layer> here = layers.stream()
                    .filter(layer -> levelOf(levels, layer.name()) == depth)
                    .toList();
            memory += here.stream().mapToLong(Layer::memoryBytes).sum();
            if (here.size() == 1 && !isPassedBy(level, levels)) {
                blocks.add(block(here.get(0), level == 0 ? 0 : memory));
                memory = 0;
            }
        }
        return new BlockChain(blocks, MemoryRule.FIRST_BLOCK_FREE);
    }

    private Block block(Layer cutPoint, long memoryBytes) {
        long takers = layers.stream()
                .flatMap(layer -> layer.inputs().stream())
                .filter(cutPoint.name()::equals)
                .count();
        return new Block(cutPoint.name(), memoryBytes, takers * cutPoint.elements() * SENT_BYTES_PER_ELEMENT);
    }

    private boolean isPassedBy(int level, Map<String, Integer> levels) {
        return layers.stream()
                .filter(layer -> levelOf(levels, layer.name()) > level)
                .flatMap(layer -> layer.inputs().stream())
                .anyMatch(input -> levelOf(levels, input) < level);
    }

    private Map<String, Integer> levels() {
        Map<String, Integer> levels = new HashMap<>();
        for (Layer layer : layers) {
            levels.put(
                    layer.name(),
                    layer.inputs().stream()
                            .mapToInt(input -> levelOf(levels, input) + 1)
                            .max()
                            .orElse(0));
        }
        return levels;
    }

    private static int levelOf(Map<String, Integer> levels, String layer) {
        Integer level = levels.get(layer);
        if (level == null) {
            throw new IllegalArgumentException("layer '" + layer + "' must be listed before the layers that take it.");
        }
        return level;
    }

    private static Layer layer(String line) {
        List<String> fields = List.of(line.split(",", -1));
        List<String> inputs =
                fields.get(3).isEmpty() ? List.of() : List.of(fields.get(3).split(" "));
        return new Layer(fields.get(0), Long.parseLong(fields.get(1)), Long.parseLong(fields.get(2)), inputs);
    }
}
