package dev.tandem.harness.experiment.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTimesTest {

    @Test
    void addsUserAndSystemTimeBehindANameWithSpacesAndBrackets() {
        String stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 500 0 0 0 250 75 0 0 20 0 1 0 100 1000 10";

        assertThat(ProcessTimes.cpuSeconds(stat)).isEqualTo(3.25);
    }
}
