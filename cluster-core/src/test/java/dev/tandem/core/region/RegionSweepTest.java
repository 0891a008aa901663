package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegionSweepTest {

    private static final long BYTES = 1000;

    @Test
    void countsOfFiltersThoseOfItsChannels() {
        assertThat(weightBytes("Conv", new Dense())).isEqualTo(BYTES / 4);
        assertThat(weightBytes("MatMul", new Dense())).isEqualTo(BYTES / 4);
        assertThat(weightBytes("Conv", new Pointwise())).isEqualTo(BYTES / 4);
    }

    /** Of a sequence the channels are tokens, each of which is multiplied by all of the matrix. */
    @Test
    void countsAMatrixOfTokensWhole() {
        assertThat(weightBytes("MatMul", new Pointwise())).isEqualTo(BYTES);
    }

    private static long weightBytes(String operator, AxisGeometry channels) {
        TensorSpec read = new TensorSpec("x", ElementType.FLOAT, List.of(1, 8, 16));
        TensorSpec written = new TensorSpec("y", ElementType.FLOAT, List.of(1, 8, 16));
        ModelGraph graph = new ModelGraph(
                "net",
                "digest",
                List.of(read),
                List.of(written),
                List.of(new Layer(
                        0, "l0", operator, List.of("x"), List.of("y"), 1, BYTES, Map.of(Axis.CHANNELS, channels))),
                Map.of("x", read, "y", written));
        RegionSweep sweep =
                RegionSweep.of(graph, 1, Map.of("y", new Region(Map.of(Axis.CHANNELS, new Interval(0, 2)))));
        sweep.back();
        return sweep.weightBytes();
    }
}
