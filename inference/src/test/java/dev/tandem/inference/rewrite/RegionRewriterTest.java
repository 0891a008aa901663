package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.runtime.ModelLoadException;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionRewriterTest {

    private static final double TOLERANCE = 1e-5;
    /** Normalisation of a map that hardly varies makes much of how its sums were rounded. */
    private static final double LOWERED_TOLERANCE = 1e-4;

    private static final int CASES = 300;
    private static final int MANY_CASES = 10_000;
    /** Beyond the seeds of the few cases. */
    private static final int SEED_OF_MANY = 10_000;

    /** A third of the nets have a batch of one, and wide strides leave few rows. */
    private static final List<Along> ALONG = List.of(
            Along.of(16, Axis.ROWS),
            Along.of(16, Axis.COLUMNS),
            Along.of(18, Axis.ROWS, Axis.COLUMNS),
            Along.of(11, Axis.CHANNELS),
            Along.of(36, Axis.BATCH),
            Along.of(30, Axis.CHANNELS, Axis.ROWS),
            Along.of(42, Axis.BATCH, Axis.COLUMNS),
            Along.of(45, Axis.BATCH, Axis.ROWS),
            Along.of(45, Axis.BATCH, Axis.CHANNELS));

    private static final String[] REASONS = {
        "padding alone",
        "beyond its kernel",
        "fewer than",
        "what ceil_mode adds",
        "pads automatically although its windows leave",
        "global reduction",
        "normalises over",
        "no feature map",
        "writes a tensor without",
        "along channels",
        "is not known to work by channels",
        "changes the batch"
    };

    private final Path directory;
    private final Map<Axis, Map<Class<?>, Integer>> dividedAlong = new EnumMap<>(Axis.class);
    private int noModels;
    private int leftOut;

    RegionRewriterTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shardsOfRandomNetsComputeTheirRegionsOfTheWhole() {
        requireAllEqual(0, CASES);
    }

    @Tag("nightly")
    @Test
    void shardsOfManyRandomNetsComputeTheirRegionsOfTheWhole() {
        requireAllEqual(SEED_OF_MANY, MANY_CASES);
    }

    private void requireAllEqual(int firstSeed, int cases) {
        for (int index = 0; index < ALONG.size(); index++) {
            requireAllEqual(ALONG.get(index), firstSeed + index, -Math.floorDiv(-cases, ALONG.size()));
        }
        assertThat(noModels).as("nets that are no models").isLessThanOrEqualTo(cases / 50);
        for (Class<?> geometry : List.of(Pointwise.class, Dense.class, Groups.class, Window.class)) {
            requireDivided(geometry, Axis.CHANNELS, cases / 50);
        }
        for (Axis axis : List.of(Axis.CHANNELS, Axis.ROWS)) {
            requireDivided(Join.class, axis, cases / 100);
            requireDivided(Split.class, axis, cases / 100);
        }
        assertThat(leftOut)
                .as("shards without some input of their segment, or layer")
                .isGreaterThan(cases / 50);
    }

    private void requireDivided(Class<?> geometry, Axis axis, int times) {
        assertThat(dividedAlong.getOrDefault(axis, Map.of()).getOrDefault(geometry, 0))
                .as("layers of %s in %s divided along %s", geometry, dividedAlong, axis.words())
                .isGreaterThan(times);
    }

    /** Goes through seeds until so many cases were divided and compared; what is refused is none. */
    private void requireAllEqual(Along along, int firstSeed, int cases) {
        int mostSeeds = cases * 100 / (100 - along.refusedPercent);
        int compared = 0;
        int seeds = 0;
        for (; compared < cases && seeds < mostSeeds; seeds++) {
            compared += isCompared(firstSeed + seeds * ALONG.size(), along.axes) ? 1 : 0;
        }
        assertThat(compared)
                .as(
                        "cases compared of %d seeds, of which no more than the stated part may be refused: %s",
                        seeds, along)
                .isEqualTo(cases);
    }

    /** Whether it could be divided and was compared. */
    private boolean isCompared(int seed, Set<Axis> axes) {
        try {
            return requireEqual(RandomDivision.of(RandomNet.of(seed), axes, seed), seed);
        } catch (IOException | RuntimeException | AssertionError e) {
            Nets smallest = SmallestNet.failing(seed, net -> fails(net, axes, seed));
            throw new AssertionError(
                    "seed " + seed + ", " + RandomDivision.division(axes, seed) + " of\n"
                            + SmallestNet.listing(smallest),
                    e);
        }
    }

    private boolean fails(Nets net, Set<Axis> axes, int seed) {
        try {
            requireEqual(RandomDivision.of(net, axes, seed), seed);
            return false;
        } catch (IOException | RuntimeException | AssertionError e) {
            return true;
        }
    }

    private boolean requireEqual(RandomDivision divided, int seed) throws IOException {
        Nets net = divided.net();
        ModelGraph graph = divided.graph();
        Segment segment = divided.segment();
        Set<Axis> axes = divided.axes();
        Random random = new Random(seed);
        List<ShardRegions> shards;
        try {
            shards = Divisibility.divide(graph, segment, divided.division());
        } catch (NotDivisibleException indivisible) {
            assertThat(indivisible.getMessage()).containsAnyOf(REASONS);
            return false;
        }
        SessionSettings settings = Runs.settings(seed % 2 == 0);
        Path whole = directory.resolve("whole.onnx");
        Files.write(whole, net.open().toByteArray());
        Map<String, TensorBuffer> tensors = new LinkedHashMap<>();
        graph.inputs().forEach(input -> tensors.put(input.name(), Runs.random(input, random)));
        try {
            tensors.putAll(Runs.run(whole, settings, Map.copyOf(tensors)));
        } catch (ModelLoadException noModel) {
            // Where a last window lies in padding alone, shape inference of the runtime counts one more than it
            // computes.
            noModels++;
            return false;
        }
        axes.forEach(axis -> graph.layers(segment).forEach(layer -> dividedAlong
                .computeIfAbsent(axis, any -> new HashMap<>())
                .merge(layer.along(axis).getClass(), 1, Integer::sum)));
        takeLowered(net, settings, tensors, axes.stream().anyMatch(Axis::isSpatial));

        ModelProto skeleton = net.skeleton(directory);
        for (ShardRegions shard : shards) {
            SegmentModel model = SegmentExtractor.extract(skeleton, graph, segment, shard);
            leftOut += leavesOut(graph, segment, model) ? 1 : 0;
            Path file = model.writeTo(directory, "shard.onnx");
            Map<String, TensorBuffer> inputs = Runs.cut(read(graph, shard), tensors, shard.inputs());
            Map<String, TensorBuffer> outputs = Runs.run(file, settings, inputs);
            for (TensorSpec output : graph.outputs(segment)) {
                Region region = Runs.get(shard.outputs(), output.name());
                TensorBuffer full = Runs.get(tensors, output.name());
                TensorBuffer expected = Runs.cut(output, full, region);
                assertThat(Runs.difference(Runs.get(outputs, output.name()), expected, Runs.range(full)))
                        .as("%s of %s, of %s", region, output, segment)
                        .isLessThan(TOLERANCE);
                expected.close();
            }
            Runs.close(inputs);
            Runs.close(outputs);
        }
        Runs.close(tensors);
        return true;
    }

    /**
     * What lowered nodes compute on the way. What others compute must be the same as unlowered, measured by the largest of what
     * went into it, because sums may cancel; shards that are divided in space are compared with that.
     */
    private void takeLowered(Nets net, SessionSettings settings, Map<String, TensorBuffer> tensors, boolean isInSpace)
            throws IOException {
        Path file = directory.resolve("lowered.onnx");
        Files.write(file, net.openLowered().toByteArray());
        Map<String, TensorBuffer> inputs = new HashMap<>();
        net.graph().inputs().forEach(input -> inputs.put(input.name(), Runs.get(tensors, input.name())));
        Map<String, TensorBuffer> lowered = new HashMap<>(Runs.run(file, settings, inputs));
        double scale = 0;
        for (String tensor : net.tensors.keySet()) {
            TensorBuffer expected = Runs.get(tensors, tensor);
            scale = Math.max(scale, Runs.range(expected));
            TensorBuffer actual = inputs.containsKey(tensor) ? expected : Runs.get(lowered, tensor);
            assertThat(Runs.difference(actual, expected, scale))
                    .as("lowered %s", tensor)
                    .isLessThan(LOWERED_TOLERANCE);
            if (!inputs.containsKey(tensor)) {
                tensors.put(tensor, isInSpace ? actual : expected);
                (isInSpace ? expected : actual).close();
            }
            lowered.remove(tensor);
        }
        tensors.putAll(lowered);
    }

    private static boolean leavesOut(ModelGraph graph, Segment segment, SegmentModel model) {
        Set<String> written = new HashSet<>();
        model.proto()
                .getGraph()
                .getNodeList()
                .forEach(node -> written.add(node.getName().replaceFirst("::.*", "")));
        return model.inputs().size() < graph.inputs(segment).size()
                || graph.layers(segment).stream()
                        .anyMatch(layer -> layer.name().matches("layer\\d+") && !written.contains(layer.name()));
    }

    private static List<TensorSpec> read(ModelGraph graph, ShardRegions shard) {
        return shard.inputs().keySet().stream().map(graph::tensor).toList();
    }

    /**
     * Axes to divide along.
     *
     * @param refusedPercent so many of a hundred seeds may give what cannot be divided so
     */
    private record Along(Set<Axis> axes, int refusedPercent) {
        static Along of(int refusedPercent, Axis... axes) {
            return new Along(Collections.unmodifiableSet(EnumSet.copyOf(List.of(axes))), refusedPercent);
        }
    }
}
