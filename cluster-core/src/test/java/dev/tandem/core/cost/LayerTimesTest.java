package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayerTimesTest {

    @Test
    void addsUpTheLayers() {
        assertThat(new LayerTimes("d", List.of(0.25, 0.5)).totalSeconds()).isEqualTo(0.75);
    }

    @Test
    void rejectsTimesThatAreNoTimes() {
        for (double wrong : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LayerTimes("d", List.of(1.0, wrong)))
                    .withMessageContaining("layer 1");
        }
    }

    @Test
    void rejectsAnEmptyMeasurement() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LayerTimes("d", List.of()));
    }
}
