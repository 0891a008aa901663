package dev.tandem.inference.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KernelAttributionTest {
    private static final ModelGraph GRAPH = graph("QuantizeLinear", "Conv", "Relu", "Conv", "QuantizeLinear");
    private static final KernelAttribution ATTRIBUTION = new KernelAttribution(GRAPH);

    @Test
    void findsLayersBehindTheNamesOfFusedKernels() {
        assertThat(ATTRIBUTION.layerOf("n1")).contains(1);
        assertThat(ATTRIBUTION.layerOf("n1_token_12")).contains(1);
        assertThat(ATTRIBUTION.layerOf("fused n1")).contains(1);
        assertThat(ATTRIBUTION.layerOf("t3_nchwc")).contains(2);
        assertThat(ATTRIBUTION.layerOf("t3_nchwc_token_4")).contains(2);
        assertThat(ATTRIBUTION.layerOf("ReorderOutput_token_60")).isEmpty();
    }

    @Test
    void sharesAKernelAmongTheLayersThatItSwallowed() {
        double[] seconds = ATTRIBUTION.secondsPerLayer(kernels("n0", 1.0, "t3_nchwc", 4.0, "n3_token_1", 5.0));

        assertThat(seconds[0]).isEqualTo(1);
        assertThat(seconds[1] + seconds[2]).isEqualTo(4);
        assertThat(seconds[1]).isGreaterThan(seconds[2]);
        assertThat(seconds[3] + seconds[4]).isEqualTo(5);
        assertThat(seconds[4]).isPositive();
    }

    @Test
    void countsChangesOfLayoutForTheKernelBeforeThem() {
        double[] seconds = ATTRIBUTION.secondsPerLayer(
                kernels("ReorderInput", 0.25, "n0", 1.0, "t3_nchwc", 4.0, "ReorderOutput", 0.5, "n3", 5.0));

        assertThat(seconds[0]).isEqualTo(1.25);
        assertThat(seconds[1] + seconds[2]).isEqualTo(4.5);
    }

    @Test
    void losesNoTime() {
        double[] seconds = ATTRIBUTION.secondsPerLayer(kernels("unknown", 3.0));

        assertThat(seconds).isNotEmpty();
        assertThat(java.util.Arrays.stream(seconds).sum()).isEqualTo(3);
    }

    private static Map<String, Double> kernels(Object... namesAndSeconds) {
        Map<String, Double> kernels = new LinkedHashMap<>();
        for (int index = 0; index < namesAndSeconds.length; index += 2) {
            kernels.put((String) namesAndSeconds[index], (Double) namesAndSeconds[index + 1]);
        }
        return kernels;
    }

    private static ModelGraph graph(String... operators) {
        Map<String, TensorSpec> tensors = new TreeMap<>();
        for (int index = 0; index <= operators.length; index++) {
            String name = "t" + index;
            tensors.put(name, new TensorSpec(name, ElementType.FLOAT, List.of(1, 4)));
        }
        List<Layer> layers = new java.util.ArrayList<>();
        for (int index = 0; index < operators.length; index++) {
            layers.add(new Layer(
                    index,
                    "n" + index,
                    operators[index],
                    List.of("t" + index),
                    List.of("t" + (index + 1)),
                    operators[index].equals("Conv") ? 96 : 0,
                    0,
                    new Pointwise()));
        }
        TensorSpec last = tensors.get("t" + operators.length);
        return new ModelGraph("chain", "digest", List.of(tensors.get("t0")), List.of(last), layers, tensors);
    }
}
