package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.runtime.ModelLoadException;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
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

    private static final List<Set<Axis>> AXES = List.of(
            Set.of(Axis.ROWS),
            Set.of(Axis.COLUMNS),
            Set.of(Axis.ROWS, Axis.COLUMNS),
            Set.of(Axis.CHANNELS),
            Set.of(Axis.BATCH),
            Set.of(Axis.CHANNELS, Axis.ROWS),
            Set.of(Axis.BATCH, Axis.COLUMNS));

    private static final String[] REASONS = {
        "padding alone",
        "beyond its kernel",
        "fewer than",
        "what ceil_mode adds",
        "global reduction",
        "normalises over",
        "no feature map",
        "along channels",
        "is not known to work by channels",
        "changes the batch"
    };

    private final Path directory;
    private final Map<Class<?>, Integer> dividedAlongChannels = new HashMap<>();
    private int refusedWhole;
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
        requireAllEqual(CASES, MANY_CASES);
    }

    private void requireAllEqual(int firstSeed, int cases) {
        Map<Set<Axis>, Integer> divided = new HashMap<>();
        for (int seed = firstSeed; seed < firstSeed + cases; seed++) {
            Set<Axis> axes = AXES.get(seed % AXES.size());
            divided.merge(axes, attempt(seed, axes) ? 1 : 0, Integer::sum);
        }
        assertThat(refusedWhole).as("nets that are no models").isLessThanOrEqualTo(cases / 50);
        AXES.forEach(axes -> assertThat(divided.getOrDefault(axes, 0))
                .as("cases divided along %s", axes)
                .isGreaterThan(cases / AXES.size() / 3));
        for (Class<?> geometry : List.of(Pointwise.class, Dense.class, Groups.class, Join.class, Window.class)) {
            assertThat(dividedAlongChannels.getOrDefault(geometry, 0))
                    .as("layers of %s in %s divided along channels", geometry, dividedAlongChannels)
                    .isGreaterThan(cases / 50);
        }
        assertThat(leftOut)
                .as("shards without some input of their segment, or layer")
                .isGreaterThan(cases / 50);
    }

    private boolean attempt(int seed, Set<Axis> axes) {
        try {
            return requireEqual(RandomNet.of(seed), axes, seed);
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", axes " + axes, e);
        }
    }

    private boolean requireEqual(Nets net, Set<Axis> axes, int seed) throws IOException {
        Random random = new Random(seed);
        ModelGraph graph = net.graph();
        Segment segment = segment(graph, axes, random);
        List<ShardRegions> shards;
        try {
            shards = Divisibility.divide(graph, segment, division(axes, random));
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
            refusedWhole++;
            return false;
        }
        if (axes.contains(Axis.CHANNELS)) {
            graph.layers(segment)
                    .forEach(layer -> dividedAlongChannels.merge(
                            layer.along(Axis.CHANNELS).getClass(), 1, Integer::sum));
        }
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
                        .as("seed %d, %s of %s in %s", seed, region, output, model.proto())
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
                    .as("lowered %s in %s", tensor, net.open())
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
        model.proto().getGraph().getNodeList().forEach(node -> written.add(node.getName()));
        return model.inputs().size() < graph.inputs(segment).size()
                || graph.layers(segment).stream()
                        .anyMatch(layer -> layer.name().matches("layer\\d+") && !written.contains(layer.name()));
    }

    private static List<TensorSpec> read(ModelGraph graph, ShardRegions shard) {
        return shard.inputs().keySet().stream().map(graph::tensor).toList();
    }

    /** Of what cannot be divided the longest beginning that can is taken. */
    private static Segment segment(ModelGraph graph, Set<Axis> axes, Random random) {
        int from = random.nextInt(3) == 0 ? random.nextInt(graph.layers().size()) : 0;
        int to = graph.layers().size();
        for (Axis axis : axes) {
            while (to > from + 1
                    && Divisibility.refusal(graph, axis, new Segment(from, to), 2)
                            .isPresent()) {
                to--;
            }
        }
        return new Segment(from, to);
    }

    private static Division division(Set<Axis> axes, Random random) {
        Map<Axis, List<Double>> shares = new EnumMap<>(Axis.class);
        axes.forEach(axis -> shares.put(axis, shares(axis, random)));
        return new Division(shares);
    }

    private static List<Double> shares(Axis axis, Random random) {
        int parts = axis == Axis.ROWS ? 2 + random.nextInt(3) : 2;
        List<Double> shares = new ArrayList<>();
        for (int shard = 0; shard < parts; shard++) {
            shares.add(0.3 + random.nextDouble());
        }
        return shares;
    }
}
