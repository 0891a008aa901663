package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuPlacesTest {

    @Test
    void leavesToTheRestWhatTheSharesDoNotNeed() {
        assertThat(CpuPlaces.of(0.9, List.of(0, 1))).contains(new CpuPlaces(List.of(1), List.of(0)));
        assertThat(CpuPlaces.of(1.2, List.of(2, 3, 5, 7))).contains(new CpuPlaces(List.of(5, 7), List.of(2, 3)));
    }

    @Test
    void separatesNothingWhereNoCpuIsLeft() {
        assertThat(CpuPlaces.of(0.95, List.of(0, 1))).isEmpty();
        assertThat(CpuPlaces.of(0.1, List.of(0))).isEmpty();
    }

    @Test
    void hasAllOfThem() {
        assertThat(new CpuPlaces(List.of(2), List.of(0, 1)).all()).containsExactly(0, 1, 2);
    }
}
