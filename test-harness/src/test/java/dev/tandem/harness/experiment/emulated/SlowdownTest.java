package dev.tandem.harness.experiment.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.harness.experiment.emulated.Slowdown.Sample;
import org.junit.jupiter.api.Test;

class SlowdownTest {

    @Test
    void growsWithTheNumberOfPauses() {
        Slowdown slowdown = Slowdown.of(new Sample(2000, 1.05), new Sample(1000, 1.1));

        assertThat(slowdown.microsPerPause()).isCloseTo(100, within(1e-9));
        assertThat(slowdown.at(2000)).isCloseTo(1.05, within(1e-9));
        assertThat(slowdown.at(4000)).isCloseTo(1.025, within(1e-9));
        assertThat(slowdown).hasToString("1.00 times the CPU time of a whole CPU, and 100 us for each pause");
    }

    @Test
    void takesPausesThatGainTimeForNoise() {
        assertThat(Slowdown.of(new Sample(2000, 1.2), new Sample(1000, 1.1))).isEqualTo(new Slowdown(1.15, 0));
        assertThat(Slowdown.of(new Sample(1000, 1.2), new Sample(1000, 1.1)).at(1))
                .isCloseTo(1.15, within(1e-9));
    }
}
