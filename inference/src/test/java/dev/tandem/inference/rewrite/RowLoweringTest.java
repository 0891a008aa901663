package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowLoweringTest {

    private final Path directory;

    RowLoweringTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void normalisesMapsOfLargeMeansAsTheRuntimeDoes() throws IOException {
        Nets net = new Nets(1, 17);
        TensorSpec x = net.input("x", 2, 3, 20, 30);
        net.layer(Nets.node("InstanceNormalization", x.name(), net.positive(3), net.weights(3)), 2, 3, 20, 30);
        TensorBuffer image = Runs.random(x, new Random(2));
        ByteBuffer numbers = image.buffer();
        for (int at = 0; at < numbers.limit(); at += Float.BYTES) {
            numbers.putFloat(at, 100 + numbers.getFloat(at));
        }

        TensorBuffer expected = Runs.get(run(net.open().toByteArray(), image), "t0");
        TensorBuffer actual = Runs.get(run(net.openLowered().toByteArray(), image), "t0");

        assertThat(Runs.difference(actual, expected, Runs.range(expected))).isLessThan(1e-4);
    }

    @Test
    void dividesNetsOnBehindTheirMeans() {
        for (NodeProto.Builder mean : List.of(
                Nets.node("GlobalAveragePool", "x"),
                Nets.node("AveragePool", "x").addAttribute(Nets.ints("kernel_shape", 12, 9)),
                Nets.node("ReduceMean", "x").addAttribute(Nets.ints("axes", 2, 3)))) {
            ModelGraph graph = weighted(mean);

            assertThat(graph.layers())
                    .as(mean.getOpType())
                    .extracting(Layer::name)
                    .containsExactly("layer0::row_means", "layer0", "layer1");
            assertThat(Divisibility.refusal(graph, graph.whole())).isEmpty();
            assertThat(Divisibility.gathers(graph, Axis.ROWS, 1)).isTrue();
            assertThat(graph.tensor("t0::row_means").shape()).containsExactly(1, 4, 12, 1);
        }
    }

    @Test
    void leavesAverageOfPartsOfMapsAlone() {
        Nets net = new Nets(1, 13);
        net.input("x", 1, 4, 12, 9);
        net.layer(Nets.node("AveragePool", "x").addAttribute(Nets.ints("kernel_shape", 2, 9)), 1, 4, 11, 1);
        assertThat(net.graph().layers()).extracting(Layer::operator).containsExactly("AveragePool");
    }

    @Test
    void leavesQuantisedModelsAlone() {
        Nets net = new Nets(1, 13);
        net.input("x", 1, 4, 12, 9);
        TensorSpec bytes = new TensorSpec("q", ElementType.UINT8, List.of(1, 4, 12, 9));
        net.layer(Nets.node("QuantizeLinear", "x", net.scalar(0.1f), net.zeroPoint(false, 3)), bytes);
        TensorSpec floats =
                net.layer(Nets.node("DequantizeLinear", "q", net.scalar(0.1f), net.zeroPoint(false, 3)), 1, 4, 12, 9);
        net.layer(Nets.node("GlobalAveragePool", floats.name()), 1, 4, 1, 1);

        assertThat(net.graph().layers())
                .extracting(Layer::operator)
                .containsExactly("QuantizeLinear", "DequantizeLinear", "GlobalAveragePool");
    }

    private static ModelGraph weighted(NodeProto.Builder mean) {
        Nets net = new Nets(1, 13);
        net.input("x", 1, 4, 12, 9);
        TensorSpec weights = net.layer(mean, 1, 4, 1, 1);
        net.layer(Nets.node("Mul", "x", weights.name()), 1, 4, 12, 9);
        return net.graph();
    }

    private Map<String, TensorBuffer> run(byte[] model, TensorBuffer image) throws IOException {
        Path file = Files.write(directory.resolve("model.onnx"), model);
        return Runs.run(file, Runs.settings(true), Map.of("x", image));
    }
}
