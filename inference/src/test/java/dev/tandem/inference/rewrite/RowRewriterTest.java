package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowRewriterTest {

    private static final double TOLERANCE = 1e-5;
    private static final int CASES = Integer.getInteger("tandem.test.rewrite.cases", 300);

    private final Path directory;

    RowRewriterTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shardsOfRandomNetsComputeTheRowsOfTheWhole() {
        int divided = 0;
        for (int seed = 0; seed < CASES; seed++) {
            divided += attempt(seed) ? 1 : 0;
        }

        assertThat(divided).isGreaterThan(CASES * 2 / 3);
    }

    private boolean attempt(int seed) {
        try {
            return requireEqual(RandomNet.of(seed), seed);
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private boolean requireEqual(Nets net, int seed) throws IOException {
        Random random = new Random(seed);
        ModelGraph graph = net.graph();
        Segment segment = segment(graph, random);
        List<ShardRegions> shards;
        try {
            shards = Divisibility.divide(graph, segment, shares(random));
        } catch (NotDivisibleException tooSmall) {
            assertThat(tooSmall.getMessage()).containsAnyOf("padding alone", "fewer than", "what ceil_mode adds");
            return false;
        }
        SessionSettings settings = Runs.settings(seed % 2 == 0);
        Path whole = directory.resolve("whole.onnx");
        Files.write(whole, net.open().toByteArray());
        Map<String, TensorBuffer> tensors = new LinkedHashMap<>();
        graph.inputs().forEach(input -> tensors.put(input.name(), Runs.random(input, random)));
        tensors.putAll(Runs.run(whole, settings, Map.copyOf(tensors)));

        ModelProto skeleton = net.skeleton(directory);
        for (ShardRegions shard : shards) {
            SegmentModel model = SegmentExtractor.extract(skeleton, graph, segment, shard);
            Path file = model.writeTo(directory, "shard.onnx");
            Map<String, TensorBuffer> inputs = Runs.cut(graph.inputs(segment), tensors, shard.inputs());
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

    private static Segment segment(ModelGraph graph, Random random) {
        int from = random.nextInt(3) == 0 ? random.nextInt(graph.layers().size()) : 0;
        return new Segment(from, graph.layers().size());
    }

    private static List<Double> shares(Random random) {
        List<Double> shares = new ArrayList<>();
        for (int shard = 0; shard < 2 + random.nextInt(3); shard++) {
            shares.add(0.3 + random.nextDouble());
        }
        return shares;
    }
}
