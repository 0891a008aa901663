package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LinkShapeTest {

    @Test
    void filtersAtItsRate() {
        assertThat(LinkShape.megabits(100).filter()).containsSubsequence("tbf", "rate", "100000000bit");
    }

    @Test
    void queuesTwentyMillisecondsOfAFastLink() {
        assertThat(LinkShape.megabits(1000).filter()).containsSubsequence("limit", "2500000");
    }

    @Test
    void takesNoPacketsThatItWouldCutUp() {
        assertThat(LinkShape.megabits(100).largestPacketBytes()).isEqualTo(16 * 1024 - 1024);
        assertThat(LinkShape.megabits(1000).largestPacketBytes()).isEqualTo(65536);
        assertThat(LinkShape.UNSHAPED.largestPacketBytes()).isEqualTo(65536);
    }

    @Test
    void rejectsALinkThatCarriesNothing() {
        assertThatThrownBy(() -> LinkShape.megabits(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("megabitsPerSecond (0)");
        assertThatThrownBy(() -> new LinkShape(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
