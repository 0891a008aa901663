package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuRangesTest {

    @Test
    void readsNumbersAndRanges() {
        assertThat(CpuRanges.parse("0-2,5, 7")).containsExactly(0, 1, 2, 5, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1,", "3-1", "-1", "1-2-3"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> CpuRanges.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0-3,6");
    }
}
