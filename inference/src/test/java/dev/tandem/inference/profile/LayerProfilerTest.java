package dev.tandem.inference.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.RealModels;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerProfilerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path cache;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mobilenet_v1_0.25_128_fp32.onnx",
                "mobilenet_v1_0.25_128_int8.onnx",
                "resnet20_cifar10.onnx",
                "winml_SqueezeNet_fp16.onnx",
                "FastestDet.onnx"
            })
    void givesEveryConvolutionItsTime(String model) {
        ModelPackage folded = ModelFolder.fold(RealModels.named(model), FoldOptions.DEFAULTS, cache);

        LayerProfile profile = new LayerProfiler(1, 2, 9).profile(folded);

        List<Double> seconds = profile.times().seconds();
        ModelGraph graph = folded.graph();
        assertThat(profile.times().modelDigest()).isEqualTo(folded.digest());
        assertThat(seconds).hasSameSizeAs(graph.layers());
        assertThat(profile.times().totalSeconds()).isCloseTo(profile.wholeSeconds(), within(1e-9));
        for (Layer layer : graph.layers()) {
            if (layer.multiplyAdds() > 0) {
                assertThat(seconds.get(layer.index())).as(layer.name()).isPositive();
            }
        }
        double convolutions = IntStream.range(0, seconds.size())
                .filter(index -> graph.layers().get(index).multiplyAdds() > 0)
                .mapToDouble(seconds::get)
                .sum();
        assertThat(convolutions).isGreaterThan(profile.wholeSeconds() / 3);
    }

    @Test
    void refusesSettingsThatMeasureNothing() {
        assertThatThrownBy(() -> new LayerProfiler(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LayerProfiler(1, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LayerProfiler(1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
