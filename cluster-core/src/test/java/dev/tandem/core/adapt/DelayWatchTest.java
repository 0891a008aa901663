package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelayWatchTest {

    private static final double PREDICTED = 0.05;
    private static final double POSSIBLE = 40;

    private final DelayWatch watch = new DelayWatch();

    @Test
    void suspectsLinksAfterThreeWindowsOfDelay() {
        assertThat(hear(0.2, 10, 0.3)).isFalse();
        assertThat(hear(0.2, 10, 0.3)).isFalse();
        assertThat(hear(0.2, 10, 0.3)).isTrue();
        assertThat(hear(0.2, 10, 0.3)).as("counts anew").isFalse();
    }

    @Test
    void oneWindowThatIsAsPredictedStartsAnew() {
        hear(0.2, 10, 0.3);
        hear(0.2, 10, 0.3);
        hear(0.06, 10, 0.3);

        assertThat(hear(0.2, 10, 0.3)).isFalse();
    }

    @Test
    void queuesAreNoReason() {
        for (int window = 0; window < 10; window++) {
            assertThat(hear(0.4, 38, 0.5)).as("as many as possible").isFalse();
            assertThat(hear(0.4, 10, 0.95)).as("a core group is busy").isFalse();
        }
    }

    @Test
    void littleIsNoDelay() {
        for (int window = 0; window < 10; window++) {
            assertThat(watch.isSuspicious(0.002, 400, 0.015, 50, 0.1)).isFalse();
            assertThat(hear(0.09, 10, 0.3)).isFalse();
        }
    }

    private boolean hear(double mean, double perSecond, double busiest) {
        return watch.isSuspicious(PREDICTED, POSSIBLE, mean, perSecond, busiest);
    }
}
