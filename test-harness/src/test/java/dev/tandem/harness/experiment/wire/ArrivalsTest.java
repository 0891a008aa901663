package dev.tandem.harness.experiment.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void countsFromAnArrivalToAnArrival() {
        Arrivals arrivals = new Arrivals(SECOND, 2 * SECOND);

        // Ten bytes every 0.7 s: measured from 1.4 s, up to 2.8 s; what comes at 3.5 s is 2.1 s later.
        for (int tenths = 0; tenths < 100; tenths += 7) {
            arrivals.add(tenths * SECOND / 10, 10);
        }

        assertThat(arrivals.bytesPerSecond()).isCloseTo(10 / 0.7, within(1e-9));
    }

    @Test
    void rejectsAMeasurementOfNothing() {
        Arrivals arrivals = new Arrivals(SECOND, SECOND);
        arrivals.add(0, 10);

        assertThatThrownBy(arrivals::bytesPerSecond)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1000 ms");
    }
}
