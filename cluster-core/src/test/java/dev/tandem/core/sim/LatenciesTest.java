package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    private final Latencies latencies = new Latencies(new double[] {3, 1, 4, 2});

    @Test
    void takesTheNearestRank() {
        assertThat(latencies.percentileSeconds(1)).isEqualTo(1);
        assertThat(latencies.percentileSeconds(25)).isEqualTo(1);
        assertThat(latencies.percentileSeconds(26)).isEqualTo(2);
        assertThat(latencies.percentileSeconds(99)).isEqualTo(4);
        assertThat(latencies.meanSeconds()).isEqualTo(2.5);
        assertThat(latencies.maxSeconds()).isEqualTo(4);
        assertThat(latencies).hasToString("4 latencies from 1.0 s to 4.0 s");
    }

    @Test
    void isNotANumberWithoutRequests() {
        Latencies none = new Latencies(new double[0]);

        assertThat(none.percentileSeconds(50)).isNaN();
        assertThat(none.meanSeconds()).isNaN();
        assertThat(none).hasToString("no latencies").isNotEqualTo(latencies);
    }

    @Test
    void refusesOtherPercentiles() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> latencies.percentileSeconds(0))
                .withMessageContaining("percentile (0.0) must be above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> latencies.percentileSeconds(100.1))
                .withMessageContaining("at most 100");
    }
}
